// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/latency_histogram.h"

#include <memory>

#include "gtest/gtest.h"

namespace sluice {
namespace {

class LatencyHistogramTest : public ::testing::Test {
 protected:
  const std::unique_ptr<LatencyHistogram> histogram_ =
      std::make_unique<LatencyHistogram>();
};

TEST_F(LatencyHistogramTest, IsZeroWithoutAny) {
  EXPECT_EQ(histogram_->count(), 0u);
  EXPECT_EQ(histogram_->Percentile(0.99), absl::ZeroDuration());
}

TEST_F(LatencyHistogramTest, IsExactForTheOnlyOneAndTheLargest) {
  histogram_->Add(absl::Microseconds(1234));
  EXPECT_EQ(histogram_->Percentile(0.5), absl::Microseconds(1234));
  EXPECT_EQ(histogram_->max(), absl::Microseconds(1234));
}

TEST_F(LatencyHistogramTest, IsWithinThreePercentEverywhere) {
  for (absl::Duration at = absl::Nanoseconds(1); at < absl::Hours(9);
       at = at * 1.37 + absl::Nanoseconds(1)) {
    LatencyHistogram& histogram = *histogram_;
    const auto fresh = std::make_unique<LatencyHistogram>();
    fresh->Add(at);
    fresh->Add(absl::Hours(24));
    EXPECT_GE(fresh->Percentile(0.5), absl::Floor(at, absl::Nanoseconds(1)));
    EXPECT_LE(fresh->Percentile(0.5), at * 1.033 + absl::Nanoseconds(1));
    histogram.Add(at);
  }
  EXPECT_GT(histogram_->count(), 50u);
}

TEST_F(LatencyHistogramTest, OrdersPercentiles) {
  for (int i = 1; i <= 1000; ++i) histogram_->Add(absl::Milliseconds(i));
  EXPECT_NEAR(absl::ToDoubleMilliseconds(histogram_->Percentile(0.5)), 500, 20);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(histogram_->Percentile(0.99)), 990,
              35);
  EXPECT_EQ(histogram_->Percentile(1), absl::Seconds(1));
}

TEST_F(LatencyHistogramTest, TakesATimeThatRanBackwardsForNone) {
  histogram_->Add(absl::Seconds(-1));
  EXPECT_EQ(histogram_->max(), absl::ZeroDuration());
}

}  // namespace
}  // namespace sluice
