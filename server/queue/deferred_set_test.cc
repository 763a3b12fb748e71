// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/deferred_set.h"

#include <cstdint>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Sequence> PopDue(DeferredSet& set, int64_t now) {
  std::vector<DeferredMessage> due;
  set.PopDue(now, &due);
  std::vector<Sequence> sequences;
  for (const DeferredMessage& message : due) {
    sequences.push_back(message.sequence);
  }
  return sequences;
}

TEST(DeferredSet, GivesOutWhatIsDueAndNothingEarlier) {
  DeferredSet set;
  set.Add({30, 1, 0});
  set.Add({10, 2, 0});
  set.Add({20, 3, 0});
  EXPECT_EQ(set.NextDue(), 10);
  EXPECT_THAT(PopDue(set, 9), IsEmpty());
  EXPECT_THAT(PopDue(set, 20), ElementsAre(2, 3));
  EXPECT_EQ(set.NextDue(), 30);
  EXPECT_EQ(set.size(), 1u);
}

TEST(DeferredSet, KeepsTheOrderOfTheLogAmongEqualTimes) {
  DeferredSet set;
  for (const Sequence sequence : {5, 3, 4, 1, 2}) set.Add({7, sequence, 0});
  EXPECT_THAT(PopDue(set, 7), ElementsAre(1, 2, 3, 4, 5));
}

TEST(DeferredSet, KeepsTheAttemptsOfEachMessage) {
  DeferredSet set;
  set.Add({1, 8, 3});
  std::vector<DeferredMessage> due;
  set.PopDue(1, &due);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].attempts, 3u);
  EXPECT_EQ(due[0].due, 1);
}

TEST(DeferredSet, AnEmptySetIsNeverDue) {
  DeferredSet set;
  EXPECT_EQ(set.NextDue(), INT64_MAX);
  set.Add({1, 1, 0});
  set.Clear();
  EXPECT_EQ(set.NextDue(), INT64_MAX);
  EXPECT_TRUE(set.empty());
}

}  // namespace
}  // namespace sluice
