// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/latency_histogram.h"

#include <algorithm>
#include <cmath>

namespace sluice {

int LatencyHistogram::BucketOf(uint64_t nanos) {
  constexpr uint64_t kSubBuckets = uint64_t{1} << kSubBits;
  if (nanos < kSubBuckets) return static_cast<int>(nanos);
  const int highest_bit = 63 - __builtin_clzll(nanos);
  const int shift = highest_bit - kSubBits;
  const uint64_t below_highest = (nanos >> shift) - kSubBuckets;
  return ((shift + 1) << kSubBits) + static_cast<int>(below_highest);
}

uint64_t LatencyHistogram::HighestOf(int bucket) {
  constexpr uint64_t kSubBuckets = uint64_t{1} << kSubBits;
  const int row = bucket >> kSubBits;
  if (row == 0) return static_cast<uint64_t>(bucket);
  const uint64_t column = static_cast<uint64_t>(bucket) & (kSubBuckets - 1);
  return ((column + kSubBuckets + 1) << (row - 1)) - 1;
}

void LatencyHistogram::Add(absl::Duration duration) {
  const int64_t nanos =
      std::max<int64_t>(0, absl::ToInt64Nanoseconds(duration));
  ++buckets_[static_cast<size_t>(BucketOf(static_cast<uint64_t>(nanos)))];
  ++count_;
  int64_t most = max_nanos_;
  while (nanos > most && !max_nanos_.compare_exchange_weak(most, nanos)) {
  }
}

absl::Duration LatencyHistogram::Percentile(double fraction) const {
  const auto wanted =
      static_cast<uint64_t>(std::ceil(fraction * static_cast<double>(count())));
  uint64_t seen = 0;
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    seen += buckets_[static_cast<size_t>(bucket)];
    if (seen > 0 && seen >= wanted) {
      return std::min(
          max(), absl::Nanoseconds(static_cast<int64_t>(HighestOf(bucket))));
    }
  }
  return max();
}

}  // namespace sluice
