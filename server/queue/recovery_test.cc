// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/recovery.h"

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/storage/keys.h"
#include "server/storage/memory_message_store.h"
#include "server/storage/test_blocks.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

using Unfinished = CursorState::Unfinished;

class RecoveryTest : public testing::Test {
 protected:
  void Put(std::string key, std::string value) {
    StoreBatch batch;
    batch.state.push_back(
        {StateFamily::kMeta, std::move(key), std::move(value)});
    store_.Append(std::move(batch), [](absl::Status) {});
  }
  // A block of topic 1, written unless `lost`.
  void Block(uint32_t messages, bool lost = false) {
    RecordBlockPtr block = log_.NextBlock(messages);
    if (lost) return;
    StoreBatch batch;
    batch.blocks.push_back({1, std::move(block)});
    store_.Append(std::move(batch), [](absl::Status) {});
  }
  void PutTopic(TopicRecord record = {}) {
    record.name = "t";
    Put(TopicKey(1), record.Encode());
  }
  RecoveredTopic RecoverTopic() {
    auto recovered = Recover(store_);
    EXPECT_TRUE(recovered.ok()) << recovered.status();
    EXPECT_THAT(recovered->topics, SizeIs(1));
    return std::move(recovered->topics.at(0));
  }

  MemoryMessageStore store_;
  TestLog log_{1};
};

TEST_F(RecoveryTest, AnEmptyStoreIsANewNode) {
  const auto recovered = Recover(store_);
  ASSERT_TRUE(recovered.ok());
  EXPECT_THAT(recovered->topics, IsEmpty());
  EXPECT_EQ(recovered->next_topic_id, 1u);
}

TEST_F(RecoveryTest, TheLogEndsWhereItsBlocksEnd) {
  PutTopic();
  Block(3);
  Block(2);
  const RecoveredTopic topic = RecoverTopic();
  EXPECT_EQ(topic.log.first, 1u);
  EXPECT_EQ(topic.log.end, 6u);
  EXPECT_EQ(topic.log.first_offset, 0u);
  EXPECT_EQ(topic.log.end_offset, log_.offset());
  EXPECT_TRUE(topic.log.gaps.empty());
}

TEST_F(RecoveryTest, ACleanStopIsTakenAtItsWord) {
  PutTopic();
  Block(3);
  LogMark mark;
  mark.reserved_until = 4;
  mark.clean = true;
  Put(LogMarkKey(1), mark.Encode());
  EXPECT_EQ(RecoverTopic().log.end, 4u);
}

TEST_F(RecoveryTest, AnUncleanStopSkipsIdsThatSomebodyMayHaveSeen) {
  PutTopic();
  Block(3);
  LogMark mark;
  mark.reserved_until = 1000;
  Put(LogMarkKey(1), mark.Encode());
  const RecoveredTopic topic = RecoverTopic();
  EXPECT_EQ(topic.log.end, 1000u);
  EXPECT_THAT(topic.log.gaps.ranges(), ElementsAre(Pair(4, 1000)));
}

TEST_F(RecoveryTest, FindsTheHolesOfMessagesThatOnlyMemoryHeld) {
  PutTopic();
  Block(2, /*lost=*/true);
  Block(2);
  Block(3, /*lost=*/true);
  Block(1);
  LogMark mark;
  mark.reserved_until = 100;
  mark.held_memory = true;
  Put(LogMarkKey(1), mark.Encode());
  const RecoveredTopic topic = RecoverTopic();
  EXPECT_EQ(topic.log.first, 1u);
  EXPECT_EQ(topic.log.end, 100u);
  EXPECT_THAT(topic.log.gaps.ranges(),
              ElementsAre(Pair(1, 3), Pair(5, 8), Pair(9, 100)));
}

TEST_F(RecoveryTest, AMemoryLogThatLostEverythingIsOneGap) {
  PutTopic();
  LogMark mark;
  mark.reserved_until = 50;
  mark.held_memory = true;
  Put(LogMarkKey(1), mark.Encode());
  const RecoveredTopic topic = RecoverTopic();
  EXPECT_EQ(topic.log.end, 50u);
  EXPECT_THAT(topic.log.gaps.ranges(), ElementsAre(Pair(1, 50)));
}

TEST_F(RecoveryTest, ALogThatWasForgottenKeepsItsIds) {
  PutTopic();
  LogMark mark;
  mark.first = 501;
  mark.first_offset = 9000;
  Put(LogMarkKey(1), mark.Encode());
  const RecoveredTopic topic = RecoverTopic();
  EXPECT_EQ(topic.log.first, 501u);
  EXPECT_EQ(topic.log.end, 501u);
  EXPECT_EQ(topic.log.end_offset, 9000u);
}

TEST_F(RecoveryTest, ForgettingThatACrashUndidIsNotSeen) {
  PutTopic();
  Block(3);
  Block(3);
  LogMark mark;
  mark.first = 4;
  Put(LogMarkKey(1), mark.Encode());
  EXPECT_EQ(RecoverTopic().log.first, 4u);
}

TEST_F(RecoveryTest, AfterADamagedNewestBlockTheIdsJump) {
  PutTopic();
  Block(3);
  Block(2);
  store_.DamageForTest({1, 4});
  const RecoveredTopic topic = RecoverTopic();
  EXPECT_EQ(topic.log.first, 1u);
  EXPECT_GT(topic.log.end, 1'000'000'000u) << "nobody knows how many it had";
  EXPECT_THAT(topic.log.gaps.ranges(), ElementsAre(Pair(5, topic.log.end)))
      << "one message is known to be lost";
}

TEST_F(RecoveryTest, ACleanStopSaysHowMuchADamagedNewestBlockHad) {
  PutTopic();
  Block(3);
  Block(2);
  store_.DamageForTest({1, 4});
  LogMark mark;
  mark.reserved_until = 6;
  mark.clean = true;
  Put(LogMarkKey(1), mark.Encode());
  const RecoveredTopic topic = RecoverTopic();
  EXPECT_THAT(topic.log.gaps.ranges(), ElementsAre(Pair(6, topic.log.end)));
  mark.reserved_until = topic.log.end;
  Put(LogMarkKey(1), mark.Encode());
  EXPECT_EQ(RecoverTopic().log.end, topic.log.end) << "the ids jump once";
}

TEST_F(RecoveryTest, ADamagedOldestBlockIsStillPartOfTheLog) {
  PutTopic();
  Block(3);
  Block(2);
  store_.DamageForTest({1, 1});
  const RecoveredTopic topic = RecoverTopic();
  EXPECT_EQ(topic.log.first, 1u);
  EXPECT_EQ(topic.log.end, 6u);
  EXPECT_TRUE(topic.log.gaps.empty());
}

TEST_F(RecoveryTest, DamageIsNoHole) {
  PutTopic();
  Block(2);
  Block(3);
  Block(2, /*lost=*/true);
  Block(1);
  store_.DamageForTest({1, 3});
  LogMark mark;
  mark.reserved_until = 9;
  mark.held_memory = true;
  Put(LogMarkKey(1), mark.Encode());
  // Where damage ends and a hole begins, nobody knows.
  EXPECT_TRUE(RecoverTopic().log.gaps.empty());
}

TEST_F(RecoveryTest, GapsBelowTheLogAreDropped) {
  TopicRecord record;
  record.gaps.Add(1, 3);
  record.gaps.Add(5, 6);
  PutTopic(record);
  Block(3);
  Block(3);
  LogMark mark;
  mark.first = 4;
  Put(LogMarkKey(1), mark.Encode());
  EXPECT_THAT(RecoverTopic().log.gaps.ranges(), ElementsAre(Pair(5, 6)));
}

TEST_F(RecoveryTest, ChannelsStandWhereTheirCursorsSay) {
  PutTopic();
  Block(9);
  Put(ChannelKey(1, 1),
      ChannelRecord{"a", {}, absl::UnixEpoch(), true}.Encode());
  Put(CursorKey(1, 1), CursorState{7, {{2, 3}}}.Encode());
  Put(ChannelKey(1, 4),
      ChannelRecord{"b", {}, absl::UnixEpoch(), false}.Encode());
  Put(CursorKey(1, 9), CursorState{3, {}}.Encode());  // of a deleted channel
  const RecoveredTopic topic = RecoverTopic();
  ASSERT_THAT(topic.channels, SizeIs(2));
  EXPECT_EQ(topic.channels[0].name, "a");
  EXPECT_TRUE(topic.channels[0].paused);
  EXPECT_EQ(topic.channels[0].cursor.cursor, 7u);
  EXPECT_THAT(topic.channels[0].cursor.unfinished,
              ElementsAre(Unfinished{2, 3}));
  EXPECT_EQ(topic.channels[1].id, 4u);
  EXPECT_EQ(topic.channels[1].cursor.cursor, 1u);
}

TEST_F(RecoveryTest, ARequestIdWhoseMessageIsInAGapIsForgotten) {
  TopicRecord record;
  record.gaps.Add(1, 3);
  PutTopic(record);
  Block(2);
  Block(1);
  const absl::Time time = absl::FromUnixSeconds(9);
  Put(DedupKey(1, 1),
      DedupRecord{"hidden", 2, Durability::kDisk, time}.Encode());
  Put(DedupKey(1, 3), DedupRecord{"kept", 1, Durability::kDisk, time}.Encode());
  const RecoveredTopic topic = RecoverTopic();
  ASSERT_NE(topic.dedup, nullptr);
  EXPECT_FALSE(topic.dedup->Find("hidden", time).has_value());
  EXPECT_TRUE(topic.dedup->Find("kept", time).has_value());
}

TEST_F(RecoveryTest, WithoutAWindowOldRequestIdsGo) {
  PutTopic();
  Block(2);
  const absl::Time time = absl::FromUnixSeconds(9);
  Put(DedupKey(1, 1), DedupRecord{"id", 2, Durability::kDisk, time}.Encode());
  DedupLimits off;
  off.age = absl::ZeroDuration();
  const auto recovered = Recover(store_, off);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_EQ(recovered->topics.at(0).dedup, nullptr);
  EXPECT_EQ(RecoverTopic().dedup, nullptr) << "a window finds none either";
}

TEST_F(RecoveryTest, FinishesADeletionThatWasInterrupted) {
  Block(3);
  Put(DeletedTopicKey(1), "t");
  const auto recovered = Recover(store_);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_THAT(recovered->topics, IsEmpty());
  const auto extent = store_.Extent(1);
  EXPECT_EQ(extent->first, extent->end);
  int left = 0;
  EXPECT_TRUE(store_
                  .ReadState(StateFamily::kMeta, DeletedTopicKeyPrefix(),
                             [&](absl::string_view, absl::string_view) {
                               ++left;
                               return absl::OkStatus();
                             })
                  .ok());
  EXPECT_EQ(left, 0);
}

TEST_F(RecoveryTest, TopicIdsAreNotUsedTwice) {
  PutTopic();
  EXPECT_EQ(Recover(store_)->next_topic_id, 2u);
  Put(NextTopicIdKey(), "17");
  EXPECT_EQ(Recover(store_)->next_topic_id, 17u);
}

TEST_F(RecoveryTest, RefusesDamagedRecords) {
  Put(NextTopicIdKey(), "seventeen");
  EXPECT_EQ(ErrorReason(Recover(store_).status()), "CORRUPTION");
  Put(NextTopicIdKey(), "17");
  PutTopic();
  Put(CursorKey(1, 1), "?");  // nobody's: not looked at
  EXPECT_TRUE(Recover(store_).ok());
  Put(ChannelKey(1, 1),
      ChannelRecord{"a", {}, absl::UnixEpoch(), true}.Encode());
  EXPECT_EQ(ErrorReason(Recover(store_).status()), "CORRUPTION");
  Put(CursorKey(1, 1), CursorState{}.Encode());
  EXPECT_TRUE(Recover(store_).ok());
  Put(TopicKey(1), "{}");
  EXPECT_EQ(ErrorReason(Recover(store_).status()), "CORRUPTION");
}

}  // namespace
}  // namespace sluice
