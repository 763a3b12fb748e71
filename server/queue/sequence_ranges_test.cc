// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/sequence_ranges.h"

#include <random>
#include <set>

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(SequenceRanges, MergesNeighboursAndOverlaps) {
  SequenceRanges ranges;
  ranges.Add(10, 20);
  ranges.Add(30, 40);
  EXPECT_EQ(ranges.size(), 2u);
  ranges.Add(20, 30);
  EXPECT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges.SkipFrom(10), 40u);
  ranges.Add(5, 50);
  EXPECT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges.SkipFrom(5), 50u);
}

TEST(SequenceRanges, AnEmptyRangeChangesNothing) {
  SequenceRanges ranges;
  ranges.Add(7, 7);
  EXPECT_TRUE(ranges.empty());
}

TEST(SequenceRanges, DropBelowCutsARangeInTwo) {
  SequenceRanges ranges;
  ranges.Add(1, 10);
  ranges.Add(20, 30);
  ranges.DropBelow(5);
  EXPECT_FALSE(ranges.Contains(4));
  EXPECT_TRUE(ranges.Contains(5));
  ranges.DropBelow(20);
  EXPECT_FALSE(ranges.Contains(9));
  EXPECT_EQ(ranges.size(), 1u);
}

TEST(SequenceRanges, AgreesWithASetUnderRandomOperations) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  SequenceRanges ranges;
  std::set<Sequence> model;
  for (int step = 0; step < 2000; ++step) {
    const Sequence from = random() % 300;
    const Sequence to = from + random() % 12;
    if (random() % 10 == 0) {
      ranges.DropBelow(from);
      model.erase(model.begin(), model.lower_bound(from));
    } else {
      ranges.Add(from, to);
      for (Sequence s = from; s < to; ++s) model.insert(s);
    }
    const Sequence probe = random() % 300;
    ASSERT_EQ(ranges.Contains(probe), model.count(probe) == 1);
    Sequence skipped = probe;
    while (model.count(skipped) == 1) ++skipped;
    ASSERT_EQ(ranges.SkipFrom(probe), skipped);
    const uint64_t count =
        std::distance(model.lower_bound(from), model.lower_bound(to));
    ASSERT_EQ(ranges.CountIn(from, to), from < to ? count : 0);
  }
}

}  // namespace
}  // namespace sluice
