// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/publishers.h"

#include <algorithm>
#include <cstdint>

#include "bench/connection.h"
#include "bench/frames.h"

namespace sluice {

Publishers::Publishers(const LoadOptions& options, CompletionLoop* loop)
    : options_(options), loop_(loop) {
  PublishFrame frame;
  frame.topic = options.topic;
  frame.message_count = options.batch;
  frame.body_bytes = options.message_bytes;
  frame.durability = options.durability;
  for (int i = 1; i <= options.outstanding; ++i) {
    frames_.push_back(SerializePublish(frame, i));
  }
  for (int i = 0; i < options.streams; ++i) {
    streams_.push_back(std::make_unique<PublishStream>(
        Connect(options.address), loop->queue(), frames_, &progress_));
  }
}

absl::Status Publishers::Open() {
  for (auto& stream : streams_) stream->Start();
  return loop_->Await("for the publish streams to open", [this] {
    return failed() ||
           std::all_of(streams_.begin(), streams_.end(),
                       [](const auto& stream) { return stream->started(); });
  });
}

void Publishers::Begin() {
  progress_.batches_to_send =
      options_.messages > 0 ? options_.batches() : UINT64_MAX;
  for (auto& stream : streams_) stream->Send();
}

absl::Status Publishers::Close() {
  StopSending();
  for (auto& stream : streams_) failed() ? stream->Cancel() : stream->Close();
  const absl::Status error = progress_.error;  // before what a cancel says
  const auto ended = [this] {
    return std::all_of(streams_.begin(), streams_.end(),
                       [](const auto& stream) { return stream->ended(); });
  };
  const absl::Status status =
      loop_->Await("for the publish streams to end", ended);
  if (!status.ok()) {
    for (auto& stream : streams_) stream->Cancel();
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
