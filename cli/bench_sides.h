// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_BENCH_SIDES_H_
#define SLUICE_CLI_BENCH_SIDES_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "cli/bench_report.h"
#include "cli/latency_histogram.h"
#include "cli/stop_signal.h"
#include "client/cluster_connection.h"
#include "client/consumer.h"
#include "client/producer.h"

namespace sluice {

struct BenchOptions {
  std::string topic;
  std::string channel = "bench";
  uint64_t messages = 100'000;
  // Publishing ends by then, even before that many.
  std::optional<absl::Duration> duration;
  uint64_t size = 200;  // bytes of a body; at least 8, for a time stamp
  std::optional<double> rate;
  uint32_t max_unanswered = 10'000;
  uint32_t max_in_flight = 2500;
  uint32_t workers = 2;
  PublishDurability durability = PublishDurability::kTopicDefault;
};

// The publishing side. Publish belongs to one thread.
class BenchPublisher {
 public:
  // The producer must outlive this, and be closed before this goes.
  BenchPublisher(const BenchOptions& options, Producer* producer)
      : options_(options), producer_(*producer) {}

  // Publishes all and waits for the answers; less when `stop` says so.
  void Publish(const StopSignal& stop);

  uint64_t answered() const { return answered_; }
  BenchResult Result() const;

 private:
  void PublishOne(const std::string& padding);

  const BenchOptions& options_;
  Producer& producer_;
  std::atomic<uint64_t> answered_{0};
  std::atomic<uint64_t> failed_{0};
  absl::Duration time_;
  LatencyHistogram latency_;
};

// The consuming side. Handle is called by the consumer's workers.
class BenchConsumer {
 public:
  // `with_latency`: the messages were stamped by this process.
  explicit BenchConsumer(bool with_latency) : with_latency_(with_latency) {}

  HandlerResult Handle(const Message& message);

  uint64_t received() const { return received_; }
  BenchResult Result() const;

 private:
  const bool with_latency_;
  std::atomic<uint64_t> received_{0};
  std::atomic<uint64_t> bytes_{0};
  std::atomic<int64_t> first_nanos_{0};
  std::atomic<int64_t> last_nanos_{0};
  LatencyHistogram latency_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_BENCH_SIDES_H_
