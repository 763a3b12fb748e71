// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_UNARY_PUBLISHES_H_
#define SLUICE_BENCH_UNARY_PUBLISHES_H_

#include <grpcpp/channel.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <vector>

#include "bench/publish_flow.h"

namespace sluice {

// Publishes by unary calls, as many under way as there are frames; each of them
// is sent again, in a new call, as soon as it is answered. `frames` and
// `progress` outlive it.
class UnaryPublishes final : public PublishFlow {
 public:
  UnaryPublishes(const std::shared_ptr<grpc::Channel>& channel,
                 grpc::CompletionQueue* queue,
                 const std::vector<grpc::ByteBuffer>& frames,
                 PublishProgress* progress);
  ~UnaryPublishes() override;

  void Start() override { started_ = true; }
  bool started() const override { return started_; }
  void Send() override;
  void Close() override {}
  void Cancel() override;
  bool ended() const override;

 private:
  class Call;

  void OnAnswer(const grpc::Status& status);

  grpc::GenericStub stub_;
  grpc::CompletionQueue* const queue_;
  PublishProgress* const progress_;
  std::vector<std::unique_ptr<Call>> calls_;  // one for each frame
  bool started_ = false;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_UNARY_PUBLISHES_H_
