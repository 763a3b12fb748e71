// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/reconnect_delay.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(ReconnectDelay, DoublesUpToTheLast) {
  ReconnectDelay delay(absl::Milliseconds(100), absl::Milliseconds(350));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(100));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(200));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(350));
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(350));
}

TEST(ReconnectDelay, IsShortenedByUpToAFifth) {
  ReconnectDelay delay(absl::Milliseconds(100), absl::Milliseconds(100));
  EXPECT_EQ(delay.Next(0.5), absl::Milliseconds(90));
  EXPECT_GE(delay.Next(0.999), absl::Milliseconds(80));
}

TEST(ReconnectDelay, BeginsAnewWhenItWasReached) {
  ReconnectDelay delay(absl::Milliseconds(100), absl::Seconds(1));
  delay.Next(0);
  delay.Next(0);
  delay.Reset();
  EXPECT_EQ(delay.Next(0), absl::Milliseconds(100));
}

}  // namespace
}  // namespace sluice
