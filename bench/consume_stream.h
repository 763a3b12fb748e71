// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_CONSUME_STREAM_H_
#define SLUICE_BENCH_CONSUME_STREAM_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/event.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {

class ConsumeStream;

// How far the consuming of one channel of messages is; its streams share it.
// One thread only.
class ConsumeProgress {
 public:
  void Join(ConsumeStream* stream) { streams_.push_back(stream); }

  // Closes the streams when so many messages have come.
  void set_goal(uint64_t messages) { goal_ = messages; }

  // Counts messages that are about to be finished.
  void Add(uint64_t messages, uint64_t body_bytes);

  // Closes the streams now.
  void Close();

  void Fail(const absl::Status& error) { error_.Update(error); }

  uint64_t messages() const { return messages_; }
  uint64_t body_bytes() const { return body_bytes_; }
  const absl::Status& error() const { return error_; }  // the first

 private:
  std::vector<ConsumeStream*> streams_;
  uint64_t goal_ = UINT64_MAX;
  uint64_t messages_ = 0;
  uint64_t body_bytes_ = 0;
  bool closed_ = false;
  absl::Status error_;
};

struct ConsumeOptions {
  std::string topic;
  std::string channel;
  uint32_t ready = 2500;
  size_t finishes_per_frame = 0;  // 0: all that are waiting
};

// One Subscribe call that finishes every message as soon as it comes.
//
//   Start ... opened()   the channel exists, nothing is delivered yet
//   Consume              deliveries begin
//   Close ... closed()   all that was delivered is finished, and the node knows
//
// One thread only: the one that runs the completion queue. `progress` outlives
// the stream, which outlives its operations: destroy it after ended().
class ConsumeStream {
 public:
  ConsumeStream(const std::shared_ptr<grpc::Channel>& channel,
                grpc::CompletionQueue* queue, ConsumeOptions options,
                ConsumeProgress* progress);

  void Start();
  bool opened() const { return opened_; }
  void Consume();
  void Close();
  void Cancel() { context_.TryCancel(); }
  bool closed() const { return closed_ || ended_; }
  bool ended() const { return ended_ && !writing_; }

 private:
  void OnStarted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnEnded(bool ok);

  void HandleResults();
  void End();
  // Sends what is most urgent, if the stream is free to write.
  void Write();
  void Send(const v1::SubscribeRequest& request, bool more_follow);
  void SendFinish();

  const ConsumeOptions options_;
  ConsumeProgress* const progress_;

  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer response_;
  v1::SubscribeRequest finish_;  // reused
  std::vector<uint64_t> finished_ids_;
  size_t finished_ids_sent_ = 0;
  grpc::Status status_;
  bool consuming_ = false;
  bool ready_sent_ = false;
  bool closing_ = false;
  bool close_sent_ = false;
  bool opened_ = false;
  bool writing_ = false;
  bool closed_ = false;
  bool finishing_ = false;
  bool ended_ = false;

  MethodEvent<ConsumeStream, &ConsumeStream::OnStarted> on_started_{this};
  MethodEvent<ConsumeStream, &ConsumeStream::OnRead> on_read_{this};
  MethodEvent<ConsumeStream, &ConsumeStream::OnWritten> on_written_{this};
  MethodEvent<ConsumeStream, &ConsumeStream::OnEnded> on_ended_{this};
};

}  // namespace sluice

#endif  // SLUICE_BENCH_CONSUME_STREAM_H_
