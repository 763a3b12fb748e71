// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_sides.h"

#include <cstring>
#include <utility>

#include "cli/pacer.h"

namespace sluice {
namespace {

// Longer than any publish may take.
constexpr absl::Duration kFlushTimeout = absl::Seconds(60);

int64_t NowNanos() { return Clock::Real().SteadyNow().nanos(); }

void AddLatencies(const LatencyHistogram& latency, BenchResult* result) {
  result->timed = latency.count();
  result->p50 = latency.Percentile(0.5);
  result->p99 = latency.Percentile(0.99);
  result->p999 = latency.Percentile(0.999);
  result->max = latency.max();
}

}  // namespace

void BenchPublisher::PublishOne(const std::string& padding) {
  const int64_t now = NowNanos();
  OutgoingMessage message;
  message.body = padding;
  std::memcpy(message.body.data(), &now, sizeof now);
  producer_.Publish(
      options_.topic, std::move(message),
      [this, now](const absl::StatusOr<PublishedMessage>& answer) {
        if (answer.ok()) {
          latency_.Add(absl::Nanoseconds(NowNanos() - now));
          ++answered_;
        } else {
          ++failed_;
        }
      });
}

void BenchPublisher::Publish(const StopSignal& stop) {
  const SteadyTime begin = Clock::Real().SteadyNow();
  const SteadyTime end = options_.duration.has_value()
                             ? begin + *options_.duration
                             : SteadyTime::InfiniteFuture();
  std::optional<Pacer> pacer;
  if (options_.rate.has_value()) pacer.emplace(*options_.rate, Clock::Real());
  const std::string padding(options_.size, 'x');
  for (uint64_t i = 0; i < options_.messages && !stop.stopped(); ++i) {
    while (pacer.has_value() && pacer->Wait() > absl::ZeroDuration() &&
           !stop.stopped()) {
      stop.Wait(pacer->Wait());
    }
    if (pacer.has_value()) pacer->Take();
    if (end <= Clock::Real().SteadyNow()) break;
    PublishOne(padding);
  }
  // Interrupted, what is under way is given up.
  producer_.Flush(stop.stopped() ? absl::ZeroDuration() : kFlushTimeout)
      .IgnoreError();
  time_ = Clock::Real().SteadyNow() - begin;
}

BenchResult BenchPublisher::Result() const {
  BenchResult result;
  result.what = "published";
  result.messages = answered_;
  result.failed = failed_;
  result.bytes = answered_ * options_.size;
  result.time = time_;
  AddLatencies(latency_, &result);
  return result;
}

HandlerResult BenchConsumer::Handle(const Message& message) {
  const int64_t now = NowNanos();
  int64_t none = 0;
  first_nanos_.compare_exchange_strong(none, now);
  last_nanos_ = now;
  int64_t published = 0;
  if (with_latency_ && message.body.size() >= sizeof published) {
    std::memcpy(&published, message.body.data(), sizeof published);
    latency_.Add(absl::Nanoseconds(now - published));
  }
  bytes_ += message.body.size();
  ++received_;
  return HandlerResult::Finish();
}

BenchResult BenchConsumer::Result() const {
  BenchResult result;
  result.what = "consumed";
  result.messages = received_;
  result.bytes = bytes_;
  result.time = absl::Nanoseconds(last_nanos_ - first_nanos_);
  AddLatencies(latency_, &result);
  return result;
}

}  // namespace sluice
