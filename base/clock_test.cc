// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include "absl/time/time.h"
#include "base/fake_clock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(SteadyTime, AddsAndSubtractsDurations) {
  const SteadyTime start = SteadyTime::FromNanos(100);
  const SteadyTime later = start + absl::Microseconds(2);
  EXPECT_EQ(later.nanos(), 2100);
  EXPECT_EQ(later - start, absl::Microseconds(2));
  EXPECT_LT(start, later);
  EXPECT_NE(start, later);
  EXPECT_LT(later, SteadyTime::InfiniteFuture());
}

TEST(RealClock, SteadyTimeNeverGoesBackwards) {
  Clock& clock = Clock::Real();
  const SteadyTime first = clock.SteadyNow();
  EXPECT_LE(first, clock.SteadyNow());
}

TEST(RealClock, WallTimeIsThisCentury) {
  EXPECT_GT(Clock::Real().WallNow(), absl::FromUnixSeconds(1'600'000'000));
}

TEST(FakeClock, StandsStillUntilAdvanced) {
  FakeClock clock;
  const absl::Time wall = clock.WallNow();
  const SteadyTime steady = clock.SteadyNow();
  EXPECT_EQ(clock.WallNow(), wall);
  EXPECT_EQ(clock.SteadyNow(), steady);
  clock.Advance(absl::Seconds(3));
  EXPECT_EQ(clock.WallNow() - wall, absl::Seconds(3));
  EXPECT_EQ(clock.SteadyNow() - steady, absl::Seconds(3));
}

}  // namespace
}  // namespace sluice
