// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_PUBLISH_STREAM_H_
#define SLUICE_SERVER_RPC_PUBLISH_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "rpc/completion_threads.h"
#include "rpc/live_calls.h"
#include "server/queue/broker.h"
#include "server/rpc/plain_publish.h"
#include "server/rpc/publish_stream_request.h"
#include "server/rpc/published_topics.h"
#include "server/rpc/publisher_service.h"
#include "server/rpc/rpc_context.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {

// One call of PublisherService.PublishStream:
//
//   1. Accept; at once wait for the next stream. Send the initial metadata.
//   2. Read a request, check it, hand its messages to the broker, and read the
//      next without waiting for the answer. A bad request has its answer at
//      once.
//      If its topic is new, its channels are asked for first, and the next
//      request is read only after it.
//   3. Stop reading while the publishes of all streams fill their memory
//      (PublishGate), or while this stream has too much unanswered. That is
//      the back-pressure.
//   4. The broker answers from the committer's thread. If no write is under
//      way, that thread writes the result right there; otherwise it waits with
//      others for the write to end, and they leave together in one frame.
//   5. After the half-close, and when the last result is written: OK.
//   6. A client that goes away shows as a failed read or write: results are
//      dropped, and the stream ends when the broker has answered them all.
//   7. When the server stops, what was read is still answered; then the stream
//      ends with DRAINING.
//
// Reading, with what belongs to it, is the completion thread's alone; results
// come from any thread and are under the mutex. Owns itself from Accept on.
class PublishStream final : public LiveCall {
 public:
  // Waits for the next stream.
  static void Accept(PublisherService& service, RpcContext& context,
                     CompletionThreads& threads);

 private:
  // A request that was read, until its result is written.
  struct Ticket {
    PublishStream* stream = nullptr;
    uint64_t correlation_id = 0;
    size_t bytes = 0;  // waiting for the committer
    absl::StatusOr<PublishOutcome> outcome = absl::UnknownError("");
  };

  enum class Reading {
    kActive,  // a read is under way, or what it brought is being looked at,
              // or the gate will resume it
    kPaused,  // too much is unanswered
    kEnded,   // for good
  };

  // What to do once the mutex is released.
  struct Next {
    bool write = false;
    bool finish = false;
    bool read = false;
  };

  PublishStream(PublisherService& service, RpcContext& context,
                CompletionThreads& threads);
  ~PublishStream();

  // Completions, on the stream's thread.
  void OnAccepted(bool ok);
  void OnStarted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);

  void OnStop() override ABSL_LOCKS_EXCLUDED(mu_);

  // A request that was found right.
  struct Prepared {
    std::shared_ptr<Topic> topic;
    std::unique_ptr<RecordBlock> block;
    Durability wish = Durability::kUnspecified;
    std::string request_id;
  };

  // The request that was read, which is in plain_ or in request_; its topic, if
  // it is new, gets `channels`. Perhaps on another thread, while nothing is
  // read.
  void HandleRead(const Broker::Channels& channels);
  void Handle(uint64_t correlation_id, absl::StatusOr<Prepared> prepared);
  absl::StatusOr<Prepared> PreparePlain(const Broker::Channels& channels);
  absl::StatusOr<Prepared> Prepare(const Broker::Channels& channels);
  // Looked up for each request: the topic may have been deleted, and made anew,
  // since the last one. A fraction of what reading a frame costs.
  absl::StatusOr<std::shared_ptr<Topic>> FindTopic(
      absl::string_view name, const Broker::Channels& channels);
  void ReadNext() ABSL_LOCKS_EXCLUDED(mu_);
  void EndReading(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mu_);

  Ticket* OpenTicket(uint64_t correlation_id, size_t bytes)
      ABSL_LOCKS_EXCLUDED(mu_);
  // Any thread.
  void Complete(Ticket* ticket, absl::StatusOr<PublishOutcome> outcome)
      ABSL_LOCKS_EXCLUDED(mu_);

  Next Decide() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Nobody will call on the stream any more.
  bool Dead() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool TooMuchUnanswered(int divisor) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TakeFrame() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Drop(std::vector<Ticket*>* tickets) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Act(Next next) ABSL_LOCKS_EXCLUDED(mu_);
  void WriteFrame();
  void Finish() ABSL_LOCKS_EXCLUDED(mu_);

  PublisherService& service_;
  RpcContext& context_;
  CompletionThreads& threads_;
  CompletionThread& thread_;

  grpc::ServerContext call_;
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream_{
      &call_};

  // Of the completion thread.
  grpc::ByteBuffer request_frame_;
  PlainPublish plain_;
  bool is_plain_ = false;  // the request that was read is in plain_
  PublishStreamRequestBuffer request_;
  PublishedTopics topics_;

  // Of whoever set write_in_flight_.
  std::vector<Ticket*> frame_;
  v1::PublishStreamResponse response_;

  // No gRPC call is made while it is held.
  absl::Mutex mu_;
  std::vector<std::unique_ptr<Ticket>> tickets_ ABSL_GUARDED_BY(mu_);
  std::vector<Ticket*> unused_ ABSL_GUARDED_BY(mu_);
  std::vector<Ticket*> answered_ ABSL_GUARDED_BY(mu_);  // not yet in a frame
  size_t unanswered_count_ ABSL_GUARDED_BY(mu_) = 0;    // to the client
  size_t waiting_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  Reading reading_ ABSL_GUARDED_BY(mu_) = Reading::kActive;
  bool write_in_flight_ ABSL_GUARDED_BY(mu_) = false;
  bool broken_ ABSL_GUARDED_BY(mu_) = false;    // nobody reads results
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;  // read no more
  bool finish_begun_ ABSL_GUARDED_BY(mu_) = false;
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mu_);

  MemberEvent<PublishStream, &PublishStream::OnAccepted> accept_done_{this};
  MemberEvent<PublishStream, &PublishStream::OnStarted> start_done_{this};
  MemberEvent<PublishStream, &PublishStream::OnRead> read_done_{this};
  MemberEvent<PublishStream, &PublishStream::OnWritten> write_done_{this};
  MemberEvent<PublishStream, &PublishStream::OnFinished> finish_done_{this};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_PUBLISH_STREAM_H_
