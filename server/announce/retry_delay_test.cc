// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/announce/retry_delay.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(RetryDelay, DoublesUpToTheLimitWithinItsUpperHalf) {
  for (uint32_t seed = 0; seed < 100; ++seed) {
    RetryDelay delay(absl::Milliseconds(100), absl::Seconds(1), seed);
    for (const int64_t full : {100, 200, 400, 800, 1000, 1000}) {
      const absl::Duration next = delay.Next();
      EXPECT_LE(next, absl::Milliseconds(full));
      EXPECT_LE(absl::Milliseconds(full) / 2, next);
    }
  }
}

TEST(RetryDelay, BeginsAnewAfterASuccess) {
  RetryDelay delay(absl::Milliseconds(100), absl::Seconds(10), 1);
  for (int i = 0; i < 5; ++i) delay.Next();
  delay.Reset();
  EXPECT_LE(delay.Next(), absl::Milliseconds(100));
}

TEST(RetryDelay, DiffersBetweenNodes) {
  RetryDelay one(absl::Seconds(1), absl::Seconds(10), 1);
  RetryDelay other(absl::Seconds(1), absl::Seconds(10), 2);
  EXPECT_NE(one.Next(), other.Next());
}

TEST(RetryDelay, TheLimitMayComeLater) {
  RetryDelay delay(absl::Seconds(1), absl::Seconds(10), 1);
  delay.Limit(absl::Milliseconds(300));
  EXPECT_LE(delay.Next(), absl::Milliseconds(300));
}

}  // namespace
}  // namespace sluice
