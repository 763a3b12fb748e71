// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/sampler.h"

#include <cmath>

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(Sampler, KeepsTheShareItWasAskedFor) {
  constexpr int kCalls = 100'000;
  for (const uint32_t percent : {1, 10, 50, 90, 99}) {
    Sampler sampler(percent);
    int kept = 0;
    for (int i = 0; i < kCalls; ++i) kept += sampler.Keeps(percent) ? 1 : 0;
    const double share = percent / 100.0;
    const double sigma = std::sqrt(kCalls * share * (1 - share));
    EXPECT_NEAR(kept, kCalls * share, 5 * sigma) << percent;
  }
}

TEST(Sampler, KeepsAllOfHundredPercentAndNothingOfNone) {
  Sampler sampler(1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(sampler.Keeps(100));
    EXPECT_FALSE(sampler.Keeps(0));
  }
}

TEST(Sampler, NeighboursDoNotShareOneFate) {
  Sampler sampler(42);
  int changes = 0;
  bool last = sampler.Keeps(50);
  for (int i = 0; i < 10'000; ++i) {
    const bool kept = sampler.Keeps(50);
    changes += kept != last ? 1 : 0;
    last = kept;
  }
  EXPECT_NEAR(changes, 5000, 250);
}

}  // namespace
}  // namespace sluice
