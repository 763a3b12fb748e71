// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/consumers.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
namespace sluice {

Consumers::Consumers(const LoadOptions& options, CompletionLoop* loop)
    : loop_(loop) {
  Connections connections(options.address, options.connections);
  if (options.topics == 0) AddTopic(options.topic, options, &connections);
  for (int i = 1; i <= options.topics; ++i) {
    AddTopic(absl::StrCat(options.topic, "-", i), options, &connections);
  }
}

void Consumers::AddTopic(const std::string& topic, const LoadOptions& options,
                         Connections* connections) {
  for (const std::string& channel : options.channels) {
    progress_.push_back(std::make_unique<ConsumeProgress>());
    if (options.messages > 0) {
      progress_.back()->set_goal(options.batches() * options.batch);
    }
    for (int i = 0; i < options.streams; ++i) {
      streams_.push_back(std::make_unique<ConsumeStream>(
          connections->Next(), loop_->queue(),
          ConsumeOptions{topic, channel, options.ready,
                         options.finishes_per_frame},
          progress_.back().get()));
    }
  }
}

absl::Status Consumers::Open() {
  for (auto& stream : streams_) stream->Start();
  return loop_->Await("for the subscriptions to open", [this] {
    return failed() || All(&ConsumeStream::opened);
  });
}

void Consumers::Begin() {
  for (auto& stream : streams_) stream->Consume();
}

void Consumers::StopConsuming() {
  for (auto& progress : progress_) progress->Close();
}

bool Consumers::failed() const {
  return std::any_of(
      progress_.begin(), progress_.end(),
      [](const auto& progress) { return !progress->error().ok(); });
}

bool Consumers::done() const { return failed() || All(&ConsumeStream::closed); }

absl::Status Consumers::Close() {
  StopConsuming();
  const auto ended = [this] { return All(&ConsumeStream::ended); };
  const absl::Status status =
      loop_->Await("for the subscriptions to end", ended);
  if (!status.ok()) {
    for (auto& stream : streams_) stream->Cancel();
    loop_->Await("for the cancelled subscriptions", ended).IgnoreError();
  }
  for (const auto& progress : progress_) {
    if (!progress->error().ok()) return progress->error();
  }
  return status;
}

void Consumers::Report(LoadPhase* phase) const {
  for (const auto& progress : progress_) {
    phase->consumed += progress->messages();
    phase->consumed_bytes += progress->body_bytes();
  }
}

bool Consumers::All(bool (ConsumeStream::*state)() const) const {
  return std::all_of(
      streams_.begin(), streams_.end(),
      [state](const auto& stream) { return ((*stream).*state)(); });
}

}  // namespace sluice
