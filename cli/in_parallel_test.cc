// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/in_parallel.h"

#include <atomic>
#include <vector>

#include "absl/synchronization/barrier.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(InParallel, DoesEachPieceOnce) {
  std::vector<std::atomic<int>> done(100);
  InParallel(done.size(), [&](size_t i) { ++done[i]; });
  for (const std::atomic<int>& count : done) EXPECT_EQ(count, 1);
}

TEST(InParallel, DoesNothingForNothing) {
  InParallel(0, [](size_t) { FAIL(); });
}

// Hangs unless both run at once.
TEST(InParallel, DoesSeveralAtATime) {
  auto* barrier = new absl::Barrier(2);
  InParallel(2, [&](size_t) {
    if (barrier->Block()) delete barrier;
  });
}

}  // namespace
}  // namespace sluice
