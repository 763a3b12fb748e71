// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/tail_cache.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "server/queue/fake_node.h"

namespace sluice {
namespace {

class TailCacheTest : public testing::Test {
 protected:
  // Appends a block of about a thousand bytes; returns its first sequence.
  Sequence Append(const std::shared_ptr<TopicLog>& log) {
    const RecordBlockPtr block = node_.Append(*log, {std::string(900, 'x')},
                                              LogTail::Placement::kCached);
    cache_.Note(log, block->first_sequence());
    return block->first_sequence();
  }
  std::shared_ptr<TopicLog> MakeLog() {
    return std::make_shared<TopicLog>(1, false, TopicLog::Start{}, budget_);
  }

  FakeNode node_;
  MemoryBudget budget_{1 << 20, 3000};
  TailCache cache_{budget_};
};

TEST_F(TailCacheTest, KeepsWhatFits) {
  const auto log = MakeLog();
  const Sequence first = Append(log);
  Append(log);
  EXPECT_FALSE(log->tail().CachedIsGone(first));
}

TEST_F(TailCacheTest, TheOldestGoesFirstWhicheverTopicItBelongsTo) {
  const auto one = MakeLog();
  const auto two = MakeLog();
  const Sequence oldest = Append(one);
  const Sequence second = Append(two);
  Append(two);
  Append(two);
  EXPECT_TRUE(one->tail().CachedIsGone(oldest));
  EXPECT_FALSE(two->tail().CachedIsGone(second));
  Append(one);
  EXPECT_TRUE(two->tail().CachedIsGone(second));
  EXPECT_FALSE(budget_.CacheIsOver());
}

TEST_F(TailCacheTest, BlocksThatWereConsumedAreInNobodysWay) {
  const auto log = MakeLog();
  for (int i = 0; i < 100; ++i) {
    Append(log);
    log->tail().Trim(log->end());
  }
  const Sequence last = Append(log);
  EXPECT_FALSE(log->tail().CachedIsGone(last));
}

TEST_F(TailCacheTest, ABlockThatNobodyConsumesKeepsNoEntriesOfOthers) {
  const auto idle = MakeLog();
  const auto busy = MakeLog();
  const Sequence first = Append(idle);
  for (int i = 0; i < 10'000; ++i) {
    Append(busy);
    busy->tail().Trim(busy->end());
  }
  EXPECT_LE(cache_.entry_count(), 1025u);
  EXPECT_FALSE(idle->tail().CachedIsGone(first));
  Append(busy);
  Append(busy);
  EXPECT_FALSE(idle->tail().CachedIsGone(first));
  Append(busy);
  EXPECT_TRUE(idle->tail().CachedIsGone(first)) << "still the oldest";
}

TEST_F(TailCacheTest, ATopicThatIsGoneGivesItsRoomBack) {
  auto gone = MakeLog();
  Append(gone);
  Append(gone);
  gone.reset();
  const auto log = MakeLog();
  const Sequence first = Append(log);
  Append(log);
  EXPECT_FALSE(log->tail().CachedIsGone(first));
}

}  // namespace
}  // namespace sluice
