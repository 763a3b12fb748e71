// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/retry_delay.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(RetryDelay, DoublesUpToTheLongest) {
  RetryDelay delay(absl::Milliseconds(100), absl::Milliseconds(350));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(100));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(200));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(350));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(350));
}

TEST(RetryDelay, IsShortenedByUpToAHalf) {
  RetryDelay delay(absl::Milliseconds(100), absl::Milliseconds(100));
  EXPECT_EQ(delay.Next(0.5), absl::Milliseconds(75));
  EXPECT_GE(delay.Next(0.999), absl::Milliseconds(50));
}

TEST(RetryDelay, DoublesTheWholeDelayNotTheShortenedOne) {
  RetryDelay delay(absl::Milliseconds(100), absl::Seconds(1));
  delay.Next(0.9);
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(200));
}

TEST(RetryDelay, BeginsAnewWhenItWasReached) {
  RetryDelay delay(absl::Milliseconds(100), absl::Seconds(1));
  delay.Next(0);
  delay.Next(0);
  delay.Reset();
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(100));
}

TEST(RetryDelay, MayBeLimitedLater) {
  RetryDelay delay(absl::Seconds(1), absl::Seconds(10));
  delay.Limit(absl::Milliseconds(300));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(300));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(300));
}

}  // namespace
}  // namespace sluice
