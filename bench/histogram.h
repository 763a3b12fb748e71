// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_HISTOGRAM_H_
#define SLUICE_BENCH_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice {

// Counts values in buckets whose width grows with them, so that a quantile is
// right to within 1 % from nanoseconds to hours, in a fixed 60 kB, however many
// values there are. Values below 128 are exact. One thread only.
class Histogram {
 public:
  Histogram();

  void Add(uint64_t value);

  // Adds all that `other` counted.
  void Merge(const Histogram& other);

  uint64_t count() const { return count_; }
  uint64_t max() const { return max_; }  // exact; 0 when empty
  double mean() const;                   // exact; 0 when empty

  // The least value that `quantile` (0 to 1) of all values do not exceed, or up
  // to 1 % more, and never more than max(); 0 when empty.
  uint64_t ValueAt(double quantile) const;

 private:
  static size_t BucketOf(uint64_t value);
  static uint64_t HighestIn(size_t bucket);

  std::vector<uint64_t> buckets_;
  uint64_t count_ = 0;
  uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_HISTOGRAM_H_
