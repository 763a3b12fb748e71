// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/topic_log.h"

#include <string>

#include "gtest/gtest.h"
#include "server/queue/fake_node.h"

namespace sluice {
namespace {

class TopicLogTest : public testing::Test {
 protected:
  RecordBlockPtr Number(TopicLog& log, uint32_t messages, size_t body = 1) {
    auto block =
        MakeBlock(std::vector<std::string>(messages, std::string(body, 'x')));
    log.Number(block.get());
    return block;
  }
  RecordBlockPtr Append(TopicLog& log, uint32_t messages, size_t body = 1) {
    RecordBlockPtr block = Number(log, messages, body);
    log.Append(block, LogTail::Placement::kCached);
    return block;
  }

  FakeNode node_;
};

TEST_F(TopicLogTest, NumbersBlocksWithoutGaps) {
  const auto log = node_.MakeLog();
  const auto first = Number(*log, 3);
  const auto second = Number(*log, 2);
  EXPECT_EQ(first->first_sequence(), 1u);
  EXPECT_EQ(first->log_offset(), 0u);
  EXPECT_EQ(second->first_sequence(), 4u);
  EXPECT_EQ(second->log_offset(), first->size());
  EXPECT_EQ(log->next_sequence(), 6u);
  EXPECT_EQ(log->end(), 1u);  // nothing is appended yet
}

TEST_F(TopicLogTest, NumbersThatWereNotUsedAreAGapAndNeverGivenAgain) {
  const auto log = node_.MakeLog();
  Append(*log, 3);
  Number(*log, 5, 2 << 20);
  Number(*log, 5, 2 << 20);
  log->SkipNumbered();
  EXPECT_EQ(log->end(), 14u);
  EXPECT_EQ(log->CountMessages(1, log->end()), 3u);
  EXPECT_EQ(log->SkipGap(4), 14u);
  EXPECT_TRUE(log->may_have_holes);
  EXPECT_EQ(log->reserved_until, 14u);
  const auto next = Append(*log, 1);
  EXPECT_EQ(next->first_sequence(), 14u);
  EXPECT_EQ(log->CountMessages(1, log->end()), 4u);
  log->AdvanceFirst(log->end());
  EXPECT_EQ(log->bytes(), 0u);
}

TEST_F(TopicLogTest, BytesFollowTheFirstMessageKept) {
  const auto log = node_.MakeLog();
  uint64_t bytes = 0;
  for (int i = 0; i < 8; ++i) bytes += Append(*log, 1, 1 << 20)->size();
  EXPECT_EQ(log->bytes(), bytes);
  log->AdvanceFirst(5);
  // As exact as a mark every MiB makes it.
  EXPECT_LE(log->bytes(), bytes / 2 + (2 << 20));
  EXPECT_GE(log->bytes(), bytes / 2);
  log->AdvanceFirst(9);
  EXPECT_EQ(log->bytes(), 0u);
  EXPECT_EQ(log->first(), 9u);
}

TEST_F(TopicLogTest, KnowsHowFarItIsOldToAFewSeconds) {
  const auto log = node_.MakeLog();
  const auto append_at = [&](int64_t second) {
    auto block = MakeBlock({"x"}, absl::FromUnixSeconds(second));
    log->Number(block.get());
    log->Append(std::move(block), LogTail::Placement::kCached);
  };
  const auto until = [&](int64_t second) {
    return log->PublishedUntil(second * 1'000'000'000);
  };
  for (int64_t second = 100; second < 200; ++second) append_at(second);
  EXPECT_EQ(until(99), 1u);
  for (int64_t second = 100; second < 199; ++second) {
    const Sequence newer = static_cast<Sequence>(second - 100 + 2);
    EXPECT_LE(until(second), newer) << second;
    EXPECT_GE(until(second) + 11, newer) << second;
  }
  EXPECT_EQ(until(199), 101u);
  // A clock that goes back makes nothing older.
  append_at(50);
  EXPECT_EQ(until(199), 102u);
  EXPECT_LE(until(198), 101u);
}

TEST_F(TopicLogTest, LearnsTheAgeOfWhatAnEarlierRunWrote) {
  TopicLog::Start start;
  start.first = 1;
  start.end = 31;
  start.end_offset = 3000;
  const auto log = node_.MakeLog(/*ephemeral=*/false, start);
  EXPECT_TRUE(log->NeedsSamples());
  log->WantSamples();
  EXPECT_FALSE(log->NeedsSamples());
  EXPECT_EQ(log->PublishedUntil(INT64_MAX), 1u) << "nobody knows";
  log->OfferSamples({{{1, 0, 100}, {11, 1000, 200}, {21, 2000, 300}}, 300});
  EXPECT_EQ(log->PublishedUntil(99), 1u);
  EXPECT_EQ(log->PublishedUntil(250), 11u);
  EXPECT_EQ(log->PublishedUntil(300), 31u);
  log->AdvanceFirst(21);
  EXPECT_EQ(log->bytes(), 1000u);
}

TEST_F(TopicLogTest, TheFirstMessageKeptNeverGoesBack) {
  const auto log = node_.MakeLog();
  Append(*log, 10);
  log->AdvanceFirst(6);
  log->AdvanceFirst(3);
  EXPECT_EQ(log->first(), 6u);
}

TEST_F(TopicLogTest, CountsOnlyMessagesThatAreInNoGap) {
  const auto log = node_.MakeLog();
  Append(*log, 10);
  EXPECT_EQ(log->CountMessages(1, 11), 10u);
  EXPECT_EQ(log->CountMessages(5, 3), 0u);
  log->AddGap(4, 7);
  EXPECT_EQ(log->CountMessages(1, 11), 7u);
  EXPECT_EQ(log->CountMessages(5, 9), 2u);
  EXPECT_EQ(log->SkipGap(3), 3u);
  EXPECT_EQ(log->SkipGap(4), 7u);
}

TEST_F(TopicLogTest, AnEmptyGapIsNoGap) {
  const auto log = node_.MakeLog();
  log->AddGap(4, 4);
  EXPECT_TRUE(log->gaps().empty());
}

TEST_F(TopicLogTest, HoldingKeepsLaterMessagesOutOfSight) {
  const auto log = node_.MakeLog();
  Append(*log, 2);
  EXPECT_EQ(log->visible_end(), 3u);
  log->HoldAt(3);
  Append(*log, 2);
  EXPECT_EQ(log->visible_end(), 3u);
  EXPECT_EQ(log->end(), 5u);
  log->Unhold();
  EXPECT_EQ(log->visible_end(), 5u);
}

TEST_F(TopicLogTest, GoesOnWhereTheLastRunEnded) {
  TopicLog::Start start;
  start.first = 10;
  start.end = 20;
  start.first_offset = 1000;
  start.end_offset = 3000;
  start.gaps.Add(12, 14);
  const auto log = node_.MakeLog(false, start);
  EXPECT_EQ(log->bytes(), 2000u);
  EXPECT_EQ(log->CountMessages(10, 20), 8u);
  const auto block = Append(*log, 1);
  EXPECT_EQ(block->first_sequence(), 20u);
  EXPECT_EQ(block->log_offset(), 3000u);
}

TEST_F(TopicLogTest, KeepsIdsOfAnEarlierRunSetAside) {
  TopicLog::Start start;
  start.end = 1000;
  EXPECT_EQ(node_.MakeLog(false, start)->reserved_until, 1000u);
}

}  // namespace
}  // namespace sluice
