// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_PUBLISH_STREAM_H_
#define SLUICE_BENCH_PUBLISH_STREAM_H_

#include <google/protobuf/arena.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "bench/event.h"
#include "bench/publish_flow.h"

namespace sluice {

// One PublishStream call that keeps a fixed number of batches under way. Each
// of them is a frame that was serialised before the run and is sent again as
// soon as the node has answered it; a frame's correlation id is its index plus
// 1.
//
// `frames` and `progress` outlive the stream.
class PublishStream final : public PublishFlow {
 public:
  PublishStream(const std::shared_ptr<grpc::Channel>& channel,
                grpc::CompletionQueue* queue,
                const std::vector<grpc::ByteBuffer>& frames,
                PublishProgress* progress);

  void Start() override;
  bool started() const override { return started_; }
  void Send() override;
  void Close() override;
  void Cancel() override { context_.TryCancel(); }
  bool ended() const override { return ended_ && !writing_ && !half_closing_; }

 private:
  void OnStarted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnHalfClosed(bool ok);
  void OnEnded(bool ok);
  void HalfClose();
  void End();

  const std::vector<grpc::ByteBuffer>& frames_;
  PublishProgress* const progress_;

  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer response_;
  std::unique_ptr<char[]> arena_block_;
  google::protobuf::Arena arena_;  // reset for each response
  std::vector<size_t> free_frames_;
  uint64_t in_flight_ = 0;
  grpc::Status status_;
  bool started_ = false;
  bool writing_ = false;
  bool closing_ = false;
  bool half_closing_ = false;
  bool finishing_ = false;
  bool ended_ = false;

  MethodEvent<PublishStream, &PublishStream::OnStarted> on_started_{this};
  MethodEvent<PublishStream, &PublishStream::OnRead> on_read_{this};
  MethodEvent<PublishStream, &PublishStream::OnWritten> on_written_{this};
  MethodEvent<PublishStream, &PublishStream::OnHalfClosed> on_half_closed_{
      this};
  MethodEvent<PublishStream, &PublishStream::OnEnded> on_ended_{this};
};

}  // namespace sluice

#endif  // SLUICE_BENCH_PUBLISH_STREAM_H_
