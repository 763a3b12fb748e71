// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/publishers.h"

#include <algorithm>
#include <cstdint>

#include "bench/connection.h"
#include "bench/frames.h"
#include "bench/publish_stream.h"
#include "bench/unary_publishes.h"

namespace sluice {

Publishers::Publishers(const LoadOptions& options, CompletionLoop* loop)
    : options_(options), loop_(loop) {
  PublishFrame frame;
  frame.topic = options.topic;
  frame.message_count = options.batch;
  frame.body_bytes = options.message_bytes;
  frame.durability = options.durability;
  for (int i = 1; i <= options.outstanding; ++i) {
    frames_.push_back(options.unary ? SerializeUnaryPublish(frame, i)
                                    : SerializePublish(frame, i));
  }
  Connections connections(options.address, options.connections);
  for (int i = 0; i < options.streams; ++i) {
    if (options.unary) {
      flows_.push_back(std::make_unique<UnaryPublishes>(
          connections.Next(), loop->queue(), frames_, &progress_));
    } else {
      flows_.push_back(std::make_unique<PublishStream>(
          connections.Next(), loop->queue(), frames_, &progress_));
    }
  }
}

absl::Status Publishers::Open() {
  for (auto& flow : flows_) flow->Start();
  return loop_->Await("for the publish streams to open", [this] {
    return failed() ||
           std::all_of(flows_.begin(), flows_.end(),
                       [](const auto& flow) { return flow->started(); });
  });
}

void Publishers::Begin() {
  progress_.batches_to_send =
      options_.messages > 0 ? options_.batches() : UINT64_MAX;
  for (auto& flow : flows_) flow->Send();
}

absl::Status Publishers::Close() {
  StopSending();
  for (auto& flow : flows_) failed() ? flow->Cancel() : flow->Close();
  const absl::Status error = progress_.error;  // before what a cancel says
  const auto ended = [this] {
    return std::all_of(flows_.begin(), flows_.end(),
                       [](const auto& flow) { return flow->ended(); });
  };
  const absl::Status status =
      loop_->Await("for the publish streams to end", ended);
  if (!status.ok()) {
    for (auto& flow : flows_) flow->Cancel();
    loop_->Await("for the cancelled streams", ended).IgnoreError();
  }
  if (!error.ok()) return error;
  return failed() ? progress_.error : status;
}

void Publishers::Report(LoadPhase* phase) const {
  phase->published = progress_.batches_acknowledged * options_.batch;
  phase->published_bytes = phase->published * options_.message_bytes;
}

}  // namespace sluice
