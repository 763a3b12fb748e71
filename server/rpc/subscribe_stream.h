// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_SUBSCRIBE_STREAM_H_
#define SLUICE_SERVER_RPC_SUBSCRIBE_STREAM_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/alarm.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "rpc/completion_threads.h"
#include "rpc/live_calls.h"
#include "server/queue/subscription.h"
#include "server/rpc/command_results.h"
#include "server/rpc/delivery_frame.h"
#include "server/rpc/rpc_context.h"
#include "server/rpc/stream_inbox.h"
#include "sluice/v1/subscriber.grpc.pb.h"

namespace sluice {

// One call of SubscriberService.Subscribe:
//
//   1. Accept; at once wait for the next stream. Send the initial metadata.
//   2. The first command must be `open`: check it, attach to the channel,
//      answer `opened`.
//   3. Whenever no write is under way and the channel may have something, take
//      a batch and write it as one frame. So at most one frame is outstanding:
//      a subscriber that does not read stops its own deliveries, and frames
//      grow by themselves under load.
//   4. Commands are applied as they are read. Their results wait for the write
//      in progress; when too many wait, no further command is read.
//   5. When the channel has nothing, sleep until the inbox brings news: there
//      may be messages, the channel is gone, the node drains, the server stops.
//   6. A drain stops deliveries; commands go on.
//   7. `close` stops deliveries; once nothing is leased, or after the
//      half-close, `closed` and OK. A half-close alone gives leases back at
//      once, then the same; with auto_finish it only ends the commands.
//   8. A mistake of the client, or the end of the channel, ends the stream with
//      its status, after the results that wait.
//   9. However the stream ends, its subscription goes at once, and with it the
//      leases. The object goes when gRPC has answered every operation.
//
// What is written next, when there is a choice: opened, results, what was
// already taken, draining, new deliveries, closed.
//
// All state is of one completion thread, except for the inbox. Owns itself from
// Accept on.
class SubscribeStream final : public LiveCall {
 public:
  // Its streams carry the bytes of frames: deliveries are laid out by hand.
  using Service = v1::SubscriberService::WithRawMethod_Subscribe<
      v1::SubscriberService::Service>;

  // Waits for the next stream.
  static void Accept(Service& service, RpcContext& context,
                     CompletionThreads& threads);

 private:
  enum class Phase {
    kAwaitingOpen,
    kOpen,
    kClosing,  // no more deliveries; until nothing is leased
    kEnding,   // with end_; no more commands
  };

  SubscribeStream(Service& service, RpcContext& context,
                  CompletionThreads& threads);
  ~SubscribeStream();

  // Completions. All but the first are turns of the stream's own thread.
  void OnAccepted(bool ok);
  void OnStarted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnDone(bool ok);
  void OnClosingPoll(bool ok);
  void OnChannelsFound(bool ok);
  void OnWake();

  // LiveCall, on any thread.
  void OnDrain() override { inbox_->OnDrain(); }
  void OnStop() override { inbox_->OnStop(); }

  // Commands.
  void Handle(grpc::ByteBuffer* frame);
  // Asks for the channels of a new topic before request_, which opens the
  // stream on it, is handled. False when there is no need.
  bool FindChannels();
  void Handle(const v1::SubscribeRequest& request);
  absl::Status Open(const v1::Open& open);
  absl::Status SetReady(const v1::Ready& ready);
  absl::Status Requeue(const v1::Requeue& requeue);
  absl::Status Finish(const v1::Finish& finish);
  absl::Status Touch(const v1::Touch& touch);
  void HalfClose();
  void NoteResults(v1::CommandKind kind,
                   const google::protobuf::RepeatedField<uint64_t>& ids);

  void Absorb(const StreamInbox::News& news);
  void EndWith(const absl::Status& status);
  void Release();

  // Moving on.
  void EndTurn();
  void ReadNext();
  void Pump();
  void Take();
  bool NothingLeased() const;
  void PollWhileClosing();
  void Write(const v1::SubscribeResponse& response);
  void Write(const grpc::ByteBuffer& frame);
  void WriteOpened();
  void WriteResults();
  void WriteDeliveries();
  void WriteClosedAndFinish();

  Service& service_;
  RpcContext& context_;
  CompletionThreads& threads_;
  CompletionThread& thread_;

  grpc::ServerContext call_;
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream_{
      &call_};
  const std::shared_ptr<StreamInbox> inbox_;

  // Operations that gRPC has not answered yet. From the beginning: the initial
  // metadata, and the notice that the call is over.
  int pending_ = 2;
  bool reading_ = false;
  bool writing_ = false;
  bool polling_ = false;
  bool half_closed_ = false;
  bool gone_ = false;  // the client; nothing can be written
  bool finish_begun_ = false;

  Phase phase_ = Phase::kAwaitingOpen;
  absl::Status end_;

  std::unique_ptr<Subscription> subscription_;
  absl::Duration message_timeout_;
  uint32_t ready_ = 0;
  bool auto_finish_ = false;
  bool confirm_commands_ = false;
  bool draining_ = false;
  bool may_have_messages_ = false;  // since the last empty take

  // What waits to be written.
  bool opened_due_ = false;
  bool draining_due_ = false;
  CommandResults results_;
  TakenMessages taken_;

  // Reused for each command.
  grpc::ByteBuffer request_frame_;
  v1::SubscribeRequest request_;
  std::vector<DeliveryId> not_in_flight_;
  Broker::Channels channels_;  // of a topic that is new

  grpc::Alarm closing_poll_;
  grpc::Alarm channels_found_;  // brings the answer to the stream's thread
  MemberEvent<SubscribeStream, &SubscribeStream::OnAccepted> accept_done_{this};
  MemberEvent<SubscribeStream, &SubscribeStream::OnStarted> start_done_{this};
  MemberEvent<SubscribeStream, &SubscribeStream::OnRead> read_done_{this};
  MemberEvent<SubscribeStream, &SubscribeStream::OnWritten> write_done_{this};
  MemberEvent<SubscribeStream, &SubscribeStream::OnFinished> finish_done_{this};
  MemberEvent<SubscribeStream, &SubscribeStream::OnDone> call_done_{this};
  MemberEvent<SubscribeStream, &SubscribeStream::OnChannelsFound> found_done_{
      this};
  MemberEvent<SubscribeStream, &SubscribeStream::OnClosingPoll> poll_done_{
      this};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_SUBSCRIBE_STREAM_H_
