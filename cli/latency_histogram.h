// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_LATENCY_HISTOGRAM_H_
#define SLUICE_CLI_LATENCY_HISTOGRAM_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "absl/time/time.h"

namespace sluice {

// Counts durations, from a nanosecond to some hours, to 3 % in fixed memory.
// Thread-safe; reading while others add sees some of what they add.
class LatencyHistogram {
 public:
  void Add(absl::Duration duration);

  uint64_t count() const { return count_; }
  absl::Duration max() const { return absl::Nanoseconds(max_nanos_.load()); }

  // What `fraction` (0 to 1) of all are at most; 0 s without any.
  absl::Duration Percentile(double fraction) const;

 private:
  // Below 32 ns one bucket each, above 32 for each power of two.
  static constexpr int kSubBits = 5;
  static constexpr int kBuckets = (64 - kSubBits) << kSubBits;

  static int BucketOf(uint64_t nanos);
  static uint64_t HighestOf(int bucket);

  std::array<std::atomic<uint64_t>, kBuckets> buckets_ = {};
  std::atomic<uint64_t> count_{0};
  std::atomic<int64_t> max_nanos_{0};
};

}  // namespace sluice

#endif  // SLUICE_CLI_LATENCY_HISTOGRAM_H_
