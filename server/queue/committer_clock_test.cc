// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// What the committer does beside publishes: saving cursors, fsyncing, setting
// ids aside, forgetting, and stopping.
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/fake_committer_node.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const WriteRules kDiskRules{Durability::kDisk, 0};
const WriteRules kOsRules{Durability::kOs, 0};
const WriteRules kMemoryRules{Durability::kMemory, 100};

TEST_F(CommitterTest, CursorsAreSavedWithinASecondTheirWriteIncluded) {
  const auto topic = MakeTopic("t", kDiskRules);
  ASSERT_TRUE(Publish(topic, {"a", "b"}).ok());
  FakeClient client = Subscribe(*topic, 10);
  client.Finish(client.Take());
  Advance(absl::Milliseconds(799));
  EXPECT_EQ(SavedCursor(*topic).cursor, 1u);
  Advance(absl::Milliseconds(1));
  EXPECT_EQ(SavedCursor(*topic).cursor, 3u);
  EXPECT_THAT(SavedCursor(*topic).unfinished, IsEmpty());
  EXPECT_TRUE(node_.store.batches().back().sync);
  EXPECT_EQ((*topic->FindChannel("c"))->saved_floor(), 3u);
}

TEST_F(CommitterTest, TheCursorOfANewChannelDoesNotUndoANewerOne) {
  const auto topic = MakeTopic("t", kDiskRules);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  FakeClient other = Subscribe(*topic, 10, "other");
  other.Take();
  Settle();  // cursors are due in a second from now
  node_.store.HoldAppends();
  Start(topic, {"b"});
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  // The records of the channel wait, and its cursor moves on.
  const auto channel =
      topic->FindOrCreateChannel("c", StartPosition::kEarliest, nullptr);
  FakeClient client = Attach(*channel, 10);
  client.Finish(client.Take());
  node_.clock.Advance(absl::Seconds(1));
  node_.store.ReleaseAppends();
  Settle();
  EXPECT_EQ((*channel)->saved_floor(), 2u);
  EXPECT_EQ(SavedCursor(*topic, 2).cursor, 2u);
}

TEST_F(CommitterTest, NoCursorIsSavedAfterTheDeletionIsWritten) {
  const auto topic = MakeTopic("t", kDiskRules);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  FakeClient client = Subscribe(*topic, 10);
  client.Finish(client.Take());
  // The node closes the channels after it has handed this on.
  const Topic::Deletion deletion = topic->Delete();
  committer_.Write(deletion.records, nullptr);
  Settle();
  ASSERT_FALSE(deletion.channels.at(0)->closed());
  ASSERT_EQ(SavedCursor(*topic).cursor, 0u);
  Advance(absl::Seconds(1));
  EXPECT_EQ(SavedCursor(*topic).cursor, 0u);
}

TEST_F(CommitterTest, AttemptsAreSavedToo) {
  const auto topic = MakeTopic("t", kDiskRules);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  FakeClient client = Subscribe(*topic, 10);
  client.Requeue(client.Take());
  client.Take();
  Advance(absl::Seconds(1));
  EXPECT_THAT(SavedCursor(*topic).unfinished,
              ElementsAre(CursorState::Unfinished{1, 2}));
}

TEST_F(CommitterTest, TenThousandFinishesAreSavedAtOnce) {
  const auto topic = MakeTopic("t", kDiskRules);
  ASSERT_TRUE(
      Publish(topic, std::vector<std::string>(Channel::kSaveEveryFinishes, "x"))
          .ok());
  FakeClient client = Subscribe(*topic, 20'000);
  std::vector<TakenMessage> taken;
  while (!(taken = client.Take()).empty()) client.Finish(taken);
  Settle();
  EXPECT_EQ(SavedCursor(*topic).cursor, Channel::kSaveEveryFinishes + 1);
}

TEST_F(CommitterTest, ACursorIsNotWrittenTwiceForNothing) {
  const auto topic = MakeTopic("t", kDiskRules);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  FakeClient client = Subscribe(*topic, 10);
  client.Take();
  Advance(absl::Seconds(1));
  const size_t batches = node_.store.batches().size();
  for (int i = 0; i < 5; ++i) Advance(absl::Seconds(1));
  EXPECT_THAT(node_.store.batches(), SizeIs(batches));
}

TEST_F(CommitterTest, OsMessagesAreFsyncedWithinTheSyncInterval) {
  const auto topic = MakeTopic("t", kOsRules);
  ASSERT_TRUE(Publish(topic, {"the first sets ids aside, with an fsync"}).ok());
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  ASSERT_FALSE(node_.store.batches().back().sync);
  Advance(kSyncInterval);
  EXPECT_TRUE(node_.store.WaitForSyncs(1));
}

TEST_F(CommitterTest, AnFsyncDoesNotWaitForTheTickAfterItIsDue) {
  const auto topic = MakeTopic("t", kOsRules);
  ASSERT_TRUE(Publish(topic, {"the first sets ids aside, with an fsync"}).ok());
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  // Ticks come every 0.8 s, and 2 s are promised.
  Advance(absl::Milliseconds(800));
  Advance(absl::Milliseconds(800));
  EXPECT_TRUE(node_.store.WaitForSyncs(1));
}

TEST_F(CommitterTest, SetsIdsAsideBeforeACrashCanLoseThem) {
  const auto topic = MakeTopic("t", kOsRules);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  const LogMark mark = SavedMark(*topic);
  EXPECT_GT(mark.reserved_until, 1000u);
  EXPECT_FALSE(mark.clean);
  EXPECT_FALSE(mark.held_memory);
  EXPECT_TRUE(node_.store.batches().back().sync);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  EXPECT_EQ(node_.store.batches().back().records, 0u);  // enough for a while
}

TEST_F(CommitterTest, TheFirstMessageInMemoryIsMarked) {
  const auto topic = MakeTopic("t", kMemoryRules);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  EXPECT_TRUE(SavedMark(*topic).held_memory);
  const size_t batches = node_.store.batches().size();
  ASSERT_TRUE(Publish(topic, {"b"}).ok());
  EXPECT_THAT(node_.store.batches(), SizeIs(batches));
}

TEST_F(CommitterTest, DiskMessagesNeedNoIdsSetAside) {
  const auto topic = MakeTopic("t", kDiskRules);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  EXPECT_EQ(node_.store.batches().back().records, 0u);
}

TEST_F(CommitterTest, WhatIsFinishedIsForgottenAfterTenSeconds) {
  const auto topic = MakeTopic("t", kDiskRules);
  FakeClient client = Subscribe(*topic, 10);
  ASSERT_TRUE(Publish(topic, {"a", "b"}).ok());
  ASSERT_TRUE(Publish(topic, {"c"}).ok());
  auto taken = client.Take();
  ASSERT_THAT(taken, SizeIs(3));
  client.Finish({taken[0], taken[1]});
  for (int i = 0; i < 9; ++i) Advance(absl::Seconds(1));
  EXPECT_THAT(node_.store.WaitForForgotten(0), IsEmpty());
  for (int i = 0; i < 3; ++i) Advance(absl::Seconds(1));
  EXPECT_THAT(node_.store.WaitForForgotten(1), ElementsAre(3));
  EXPECT_EQ(SavedMark(*topic).first, 3u);
  node_.FinishIo();
  EXPECT_EQ(node_.store.Extent(topic->id())->first, 3u);
}

TEST_F(CommitterTest, ForgettingKeepsWhatAnEarlierRunSetAside) {
  TopicLog::Start start;
  start.end = 5000;
  start.gaps.Add(1, 5000);
  const auto topic = MakeTopic("t", kDiskRules, start);
  FakeClient client = Subscribe(*topic, 10);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  client.Finish(client.Take());
  for (int i = 0; i < 12; ++i) Advance(absl::Seconds(1));
  ASSERT_THAT(node_.store.WaitForForgotten(1), SizeIs(1));
  EXPECT_GE(SavedMark(*topic).reserved_until, 5000u);
}

TEST_F(CommitterTest, StopWritesDownWhatOnlyMemoryHeld) {
  const auto topic = MakeTopic("t", kMemoryRules);
  FakeClient client = Subscribe(*topic, 2);
  ASSERT_TRUE(Publish(topic, {"a", "b", "c"}).ok());
  const auto taken = client.Take();
  client.Finish({taken[0]});
  EXPECT_EQ(node_.store.Extent(topic->id())->end, 1u);
  ASSERT_TRUE(committer_.Stop({topic}).ok());
  EXPECT_EQ(node_.store.Extent(topic->id())->end, 4u);
  const LogMark mark = SavedMark(*topic);
  EXPECT_TRUE(mark.clean);
  EXPECT_FALSE(mark.held_memory);
  EXPECT_EQ(mark.reserved_until, 4u);
  EXPECT_EQ(SavedCursor(*topic).cursor, 3u);
  EXPECT_THAT(SavedCursor(*topic).unfinished,
              ElementsAre(CursorState::Unfinished{2, 1}));
}

TEST_F(CommitterTest, StopCommitsWhatWaitsAndRefusesWhatComesLater) {
  const auto topic = MakeTopic("t", kDiskRules);
  std::vector<std::shared_ptr<Answer>> answers;
  for (int i = 0; i < 50; ++i) answers.push_back(Start(topic, {"a"}));
  ASSERT_TRUE(committer_.Stop({topic}).ok());
  for (const auto& answer : answers) EXPECT_TRUE(answer->Wait().ok());
  EXPECT_EQ(ErrorReason(Publish(topic, {"b"}).status()), "STORE_UNAVAILABLE");
  absl::Status refused;
  committer_.Write({}, [&](absl::Status status) { refused = status; });
  EXPECT_EQ(ErrorReason(refused), "STORE_UNAVAILABLE");
}

TEST_F(CommitterTest, AStopThatCannotWriteSaysSo) {
  const auto topic = MakeTopic("t", kMemoryRules);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  node_.store.memory().FailNextAppendForTest();
  EXPECT_EQ(ErrorReason(committer_.Stop({topic})), "STORE_UNAVAILABLE");
}

}  // namespace
}  // namespace sluice
