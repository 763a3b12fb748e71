// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/histogram.h"

#include <algorithm>
#include <cmath>

namespace sluice {
namespace {

// Each power of two is divided into so many buckets of equal width. What is
// below twice as many has a bucket for each value.
constexpr int kBits = 7;
constexpr uint64_t kBucketsPerOctave = uint64_t{1} << kBits;

int HighestBit(uint64_t value) { return 63 - __builtin_clzll(value); }

}  // namespace

Histogram::Histogram() : buckets_(BucketOf(UINT64_MAX) + 1) {}

size_t Histogram::BucketOf(uint64_t value) {
  if (value < kBucketsPerOctave) return value;
  const int shift = HighestBit(value) - kBits;
  // The bits below the highest say which bucket of its octave it is.
  return (static_cast<size_t>(shift + 1) << kBits) +
         ((value >> shift) - kBucketsPerOctave);
}

uint64_t Histogram::HighestIn(size_t bucket) {
  if (bucket < kBucketsPerOctave) return bucket;
  const int shift = static_cast<int>(bucket >> kBits) - 1;
  const uint64_t first = (kBucketsPerOctave + bucket % kBucketsPerOctave)
                         << shift;
  return first + (uint64_t{1} << shift) - 1;
}

void Histogram::Add(uint64_t value) {
  ++buckets_[BucketOf(value)];
  ++count_;
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

void Histogram::Merge(const Histogram& other) {
  for (size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

double Histogram::mean() const {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

uint64_t Histogram::ValueAt(double quantile) const {
  // At least one, so that quantile 0 is the least value.
  const uint64_t rank = std::max<uint64_t>(
      1,
      static_cast<uint64_t>(std::ceil(quantile * static_cast<double>(count_))));
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::min(HighestIn(i), max_);
  }
  return max_;
}

}  // namespace sluice
