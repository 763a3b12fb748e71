// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sluice {
namespace {

TEST(Histogram, IsZeroWhenItIsEmpty) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.max(), 0u);
  EXPECT_EQ(histogram.mean(), 0);
  EXPECT_EQ(histogram.ValueAt(0.99), 0u);
}

TEST(Histogram, IsExactForSmallValues) {
  Histogram histogram;
  for (uint64_t value = 0; value < 100; ++value) histogram.Add(value);
  EXPECT_EQ(histogram.ValueAt(0), 0u);
  EXPECT_EQ(histogram.ValueAt(0.5), 49u);
  EXPECT_EQ(histogram.ValueAt(0.99), 98u);
  EXPECT_EQ(histogram.ValueAt(1), 99u);
  EXPECT_EQ(histogram.mean(), 49.5);
}

TEST(Histogram, NeverSaysMoreThanTheLargestValue) {
  Histogram histogram;
  histogram.Add(1'000'000'007);
  EXPECT_EQ(histogram.ValueAt(0.5), 1'000'000'007u);
  EXPECT_EQ(histogram.max(), 1'000'000'007u);
}

TEST(Histogram, TakesTheLargestNumberThereIs) {
  Histogram histogram;
  histogram.Add(UINT64_MAX);
  histogram.Add(1);
  EXPECT_EQ(histogram.ValueAt(1), UINT64_MAX);
  EXPECT_EQ(histogram.ValueAt(0.5), 1u);
}

TEST(Histogram, IsRightToWithinOnePercentOverManyOrdersOfMagnitude) {
  constexpr uint64_t kSeed = 7;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  std::lognormal_distribution<double> latency(12, 3);
  Histogram histogram;
  std::vector<uint64_t> values;
  for (int i = 0; i < 100'000; ++i) {
    values.push_back(static_cast<uint64_t>(latency(random)));
    histogram.Add(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double quantile : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const auto exact = static_cast<double>(
        values[static_cast<size_t>(quantile * 100'000) - 1]);
    const auto found = static_cast<double>(histogram.ValueAt(quantile));
    EXPECT_GE(found, exact) << quantile;
    EXPECT_LE(found, exact * 1.01 + 1) << quantile;
  }
}

TEST(Histogram, MergesAsIfAllHadBeenAddedToOne) {
  Histogram one;
  Histogram other;
  for (uint64_t value = 1; value <= 50; ++value) one.Add(value);
  for (uint64_t value = 51; value <= 100; ++value) other.Add(value);
  one.Merge(other);
  EXPECT_EQ(one.count(), 100u);
  EXPECT_EQ(one.ValueAt(0.75), 75u);
  EXPECT_EQ(one.max(), 100u);
  EXPECT_EQ(one.mean(), 50.5);
}

}  // namespace
}  // namespace sluice
