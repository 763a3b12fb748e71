// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_LATENCY_RUN_H_
#define SLUICE_BENCH_LATENCY_RUN_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/histogram.h"
#include "bench/message_path.h"

namespace sluice {

struct LatencyOptions {
  double rate = 10000;  // messages a second
  absl::Duration duration = absl::Seconds(5);
  // Sent before, at the same rate and not counted.
  absl::Duration warm_up = absl::Seconds(1);
  size_t message_bytes = 200;  // of a body, at least 8
};

// In nanoseconds. A value type.
struct LatencyReport {
  uint64_t sent = 0;
  uint64_t received = 0;  // of those that are counted, and so of `latency`
  Histogram latency;      // from the time to send to the reception
  Histogram lateness;     // from the time to send to the sending
};

// Sends messages through an open path at times that were fixed beforehand, and
// measures from that time to the moment a message has come. A server that
// stalls does not make the load wait for it: what should have been sent
// meanwhile is late, and counts as late (no coordinated omission).
//
// Closes the path. The first error ends the run and is returned; it is
// DeadlineExceeded when messages do not come within ten seconds of the last
// one.
absl::StatusOr<LatencyReport> RunLatency(const LatencyOptions& options,
                                         MessagePath* path);

}  // namespace sluice

#endif  // SLUICE_BENCH_LATENCY_RUN_H_
