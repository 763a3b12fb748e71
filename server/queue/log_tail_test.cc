// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/log_tail.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/storage/test_blocks.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Placement = LogTail::Placement;

class LogTailTest : public testing::Test {
 protected:
  void Append(uint32_t count, Placement placement) {
    tail_.Append(blocks_.NextBlock(count), placement);
  }
  // The first sequences of the blocks a snapshot finds.
  std::vector<Sequence> Snapshot(Sequence from, uint64_t messages) {
    std::vector<RecordBlockPtr> blocks;
    next_ = tail_.Snapshot(from, messages, &blocks);
    std::vector<Sequence> firsts;
    for (const auto& block : blocks) firsts.push_back(block->first_sequence());
    return firsts;
  }

  MemoryBudget budget_{1 << 20, 1 << 20};
  TestLog blocks_{1};
  LogTail tail_{1, budget_};
  Sequence next_ = 0;  // what the last Snapshot returned
};

TEST_F(LogTailTest, EndsWhereTheLastBlockEnds) {
  EXPECT_EQ(tail_.end(), 1u);
  Append(3, Placement::kCached);
  EXPECT_EQ(tail_.end(), 4u);
  Append(2, Placement::kQueued);
  EXPECT_EQ(tail_.end(), 6u);
}

TEST_F(LogTailTest, ASnapshotHoldsTheBlocksThatCoverWhatIsAsked) {
  for (int i = 0; i < 4; ++i) Append(10, Placement::kCached);
  EXPECT_THAT(Snapshot(1, 10), ElementsAre(1));
  EXPECT_THAT(Snapshot(5, 10), ElementsAre(1, 11));
  EXPECT_THAT(Snapshot(12, 100), ElementsAre(11, 21, 31));
  EXPECT_THAT(Snapshot(41, 1), IsEmpty());
  EXPECT_EQ(next_, 41u);
}

TEST_F(LogTailTest, ASnapshotGoesAcrossQueuedAndCachedBlocks) {
  Append(2, Placement::kCached);
  Append(2, Placement::kQueued);
  Append(2, Placement::kCached);
  EXPECT_THAT(Snapshot(1, 6), ElementsAre(1, 3, 5));
}

TEST_F(LogTailTest, ASnapshotStopsAtAHole) {
  Append(2, Placement::kQueued);
  Append(2, Placement::kCached);
  Append(2, Placement::kQueued);
  EXPECT_TRUE(tail_.EvictCached(3));
  EXPECT_THAT(Snapshot(1, 100), ElementsAre(1));
  EXPECT_EQ(next_, 3u);
  EXPECT_THAT(Snapshot(3, 100), IsEmpty());
  EXPECT_EQ(next_, 5u);  // from there on it is in memory
  EXPECT_THAT(Snapshot(5, 100), ElementsAre(5));
}

TEST_F(LogTailTest, TrimLetsGoOfWholeBlocksOnly) {
  Append(10, Placement::kQueued);
  Append(10, Placement::kCached);
  tail_.Trim(10);
  EXPECT_EQ(tail_.queued_messages(), 10u);
  tail_.Trim(11);
  EXPECT_EQ(tail_.queued_messages(), 0u);
  EXPECT_THAT(Snapshot(11, 1), ElementsAre(11));
  tail_.Trim(21);
  EXPECT_THAT(Snapshot(11, 1), IsEmpty());
  EXPECT_EQ(budget_.cached_bytes + budget_.queued_bytes, 0u);
}

TEST_F(LogTailTest, OnlyTheOldestCachedBlockIsEvicted) {
  Append(10, Placement::kCached);
  Append(10, Placement::kCached);
  EXPECT_FALSE(tail_.EvictCached(11));
  EXPECT_FALSE(tail_.CachedIsGone(1));
  EXPECT_TRUE(tail_.EvictCached(1));
  EXPECT_TRUE(tail_.CachedIsGone(1));
  EXPECT_FALSE(tail_.EvictCached(1));
  EXPECT_FALSE(tail_.CachedIsGone(11));
}

TEST_F(LogTailTest, DropsTheOldestQueuedButNeverTheLastBlock) {
  for (int i = 0; i < 3; ++i) Append(10, Placement::kQueued);
  tail_.DropOldestQueued(20);
  EXPECT_EQ(tail_.QueuedStart(), 11u);
  tail_.DropOldestQueued(5);
  EXPECT_EQ(tail_.QueuedStart(), 21u);
  EXPECT_EQ(tail_.queued_messages(), 10u);
}

TEST_F(LogTailTest, CountsQueuedMessagesFromAnyPoint) {
  Append(10, Placement::kQueued);  // 1 to 10
  Append(10, Placement::kCached);
  Append(10, Placement::kQueued);  // 21 to 30
  EXPECT_EQ(tail_.QueuedFrom(1), 20u);
  EXPECT_EQ(tail_.QueuedFrom(4), 17u);
  EXPECT_EQ(tail_.QueuedFrom(11), 10u);
  EXPECT_EQ(tail_.QueuedFrom(25), 6u);
  EXPECT_EQ(tail_.QueuedFrom(31), 0u);
}

TEST_F(LogTailTest, HandsOutQueuedBlocksForWritingDown) {
  Append(10, Placement::kQueued);
  Append(10, Placement::kCached);
  Append(10, Placement::kQueued);
  EXPECT_EQ(tail_.QueuedBlocks(1).size(), 2u);
  const auto later = tail_.QueuedBlocks(11);
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0]->first_sequence(), 21u);
}

TEST_F(LogTailTest, GivesItsBytesBackWhenItGoes) {
  MemoryBudget budget(1 << 20, 1 << 20);
  TestLog blocks(2);
  {
    LogTail tail(1, budget);
    tail.Append(blocks.NextBlock(3), Placement::kQueued);
    tail.Append(blocks.NextBlock(3), Placement::kCached);
    EXPECT_GT(budget.queued_bytes, 0u);
    EXPECT_GT(budget.cached_bytes, 0u);
  }
  EXPECT_EQ(budget.queued_bytes, 0u);
  EXPECT_EQ(budget.cached_bytes, 0u);
}

TEST_F(LogTailTest, KnowsWhatOnlyMemoryHeldAndHoldsNoMore) {
  Append(2, Placement::kCached);
  Append(3, Placement::kQueued);
  Append(4, Placement::kQueued);
  tail_.Trim(3);
  EXPECT_EQ(tail_.gone_below(), 0u) << "the disk has it";
  tail_.Trim(6);
  EXPECT_EQ(tail_.gone_below(), 6u);
}

}  // namespace
}  // namespace sluice
