// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// What a channel does when its messages are not in memory any more.
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/channel.h"
#include "server/queue/fake_channel.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(ChannelTest, ReadsBackWhatTheTailLetGo) {
  Publish(2);
  Publish(2);
  EvictTail();
  Publish(1);
  FakeClient client = Subscribe();
  std::vector<Sequence> seen;
  while (seen.size() < 5) {
    const auto taken = client.TakeSome();
    ASSERT_FALSE(taken.empty());
    for (const Sequence sequence : SequencesOf(taken)) seen.push_back(sequence);
  }
  EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(node_.store.reads(), 1);
}

TEST_F(ChannelTest, ATakeNeverWaitsForTheDisk) {
  Publish(1);
  EvictTail();
  FakeClient client = Subscribe();
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_TRUE(client.subscriber->WaitForReadyCalls(1));
  EXPECT_THAT(client.Take(), SizeIs(1));
}

TEST_F(ChannelTest, ATakeThatFindsOnlyDiskIsWokenAtOnceForWhatIsInMemory) {
  Publish(1, LogTail::Placement::kQueued);
  FakeClient client = Subscribe(1);
  client.Requeue(client.Take());
  Publish(1);
  EvictTail();
  absl::Notification release;
  node_.io_pool.Submit([&] { release.WaitForNotification(); });
  client.Requeue(client.Take());
  EXPECT_THAT(client.Take(), IsEmpty());  // the log's turn
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(1));
  release.Notify();
  node_.FinishIo();  // before `release` goes
}

TEST_F(ChannelTest, ReadsALongBacklogInChunksAndInOrder) {
  const std::string body(64 << 10, 'x');
  for (int i = 0; i < 40; ++i) PublishBodies({body});  // 2.5 chunks
  EvictTail();
  FakeClient client = Subscribe();
  Sequence next = 1;
  while (next <= 40) {
    const auto taken = client.TakeSome();
    ASSERT_FALSE(taken.empty());
    for (const TakenMessage& message : taken) {
      EXPECT_EQ(message.sequence, next++);
      EXPECT_EQ(message.body.size(), body.size());
    }
    client.Finish(taken);
  }
  EXPECT_GE(node_.store.reads(), 3);
  EXPECT_EQ(channel_->NeededFrom(), 41u);
}

TEST_F(ChannelTest, WhatWasReadAheadForASubscriberThatLeftIsInNobodysWay) {
  const std::string body(64 << 10, 'x');
  for (int i = 0; i < 40; ++i) PublishBodies({body});
  EvictTail();
  TakeLimit limit;
  limit.messages = 1;
  {
    FakeClient client = Subscribe();
    ASSERT_THAT(client.TakeSome(limit), SizeIs(1));
    node_.FinishIo();
    absl::Notification release;
    node_.io_pool.Submit([&] { release.WaitForNotification(); });
    limit.messages = 10;
    ASSERT_THAT(client.Take(limit), SizeIs(10));  // and reads ahead
    client.subscription.reset();
    release.Notify();
    node_.FinishIo();
  }
  FakeClient client = Subscribe();
  for (int i = 0; i < 100 && Stats().finish_count < 40; ++i) {
    client.Finish(client.Take());
    node_.FinishIo();
  }
  EXPECT_EQ(Stats().finish_count, 40u);
  EXPECT_EQ(Stats().dropped_count, 0u);
}

TEST_F(ChannelTest, AFailedReadIsTriedAgainAndNothingIsSkipped) {
  Publish(3);
  EvictTail();
  node_.store.FailReads(2);
  FakeClient client = Subscribe();
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.FinishIo();
  EXPECT_EQ(client.subscriber->ready_calls(), 0);
  for (int retry = 1; retry <= 2; ++retry) {
    node_.Advance(absl::Seconds(1));
    EXPECT_EQ(client.subscriber->ready_calls(), retry);
    EXPECT_THAT(client.Take(), IsEmpty());
    node_.FinishIo();
  }
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(1, 2, 3));
  EXPECT_EQ(Stats().dropped_count, 0u);
}

TEST_F(ChannelTest, PassesOverADamagedBlockAndCountsWhatIsLost) {
  for (int i = 0; i < 5; ++i) Publish(2);
  EvictTail();
  node_.store.memory().DamageForTest({log_->id(), 5});
  FakeClient client = Subscribe();
  std::vector<Sequence> seen;
  while (seen.size() < 8) {
    const auto taken = client.TakeSome();
    ASSERT_FALSE(taken.empty());
    for (const Sequence sequence : SequencesOf(taken)) seen.push_back(sequence);
    client.Finish(taken);
  }
  EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4, 7, 8, 9, 10));
  EXPECT_EQ(Stats().dropped_count, 2u);
  EXPECT_EQ(Stats().depth, 0u);
  EXPECT_EQ(Stats().message_count, 10u);
  EXPECT_EQ(channel_->NeededFrom(), 11u);
}

TEST_F(ChannelTest, DamageAtTheEndOfTheLogIsPassedOverToo) {
  Publish(2);
  Publish(3);
  EvictTail();
  node_.store.memory().DamageForTest({log_->id(), 3});
  FakeClient client = Subscribe();
  EXPECT_THAT(SequencesOf(client.TakeSome()), ElementsAre(1, 2));
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.FinishIo();
  EXPECT_EQ(Stats().dropped_count, 3u);
  EXPECT_EQ(Stats().depth, 0u);
  Publish(1);
  EXPECT_THAT(SequencesOf(client.TakeSome()), ElementsAre(6));
}

TEST_F(ChannelTest, AMessageReadyAgainWhoseBlockIsDamagedIsDropped) {
  Publish(2);
  Publish(1);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  EvictTail();
  node_.store.memory().DamageForTest({log_->id(), 1});
  client.Requeue(taken);
  EXPECT_THAT(SequencesOf(client.TakeSome()), ElementsAre(3));
  EXPECT_EQ(Stats().dropped_count, 2u);
  EXPECT_EQ(channel_->NeededFrom(), 3u);
}

TEST_F(ChannelTest, AMessageReadyAgainIsReadBackToo) {
  Publish(2);
  Publish(2);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  client.Finish({taken[0], taken[2]});
  EvictTail();
  client.Requeue({taken[1], taken[3]});
  std::vector<Sequence> seen;
  while (seen.size() < 2) {
    const auto again = client.TakeSome();
    ASSERT_FALSE(again.empty());
    for (const auto& message : again) {
      EXPECT_EQ(message.attempts, 2u);
      seen.push_back(message.sequence);
    }
  }
  EXPECT_THAT(seen, ElementsAre(2, 4));
}

TEST_F(ChannelTest, AFailedReadOfAMessageReadyAgainIsTriedAgain) {
  Publish(1);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  EvictTail();
  node_.store.FailReads(1);
  client.Requeue(taken);
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.FinishIo();
  node_.Advance(absl::Seconds(1));
  EXPECT_THAT(SequencesOf(client.TakeSome()), ElementsAre(1));
}

TEST_F(ChannelTest, GoesFromDiskToMemoryQueueAndBackInOrder) {
  Publish(2);
  Publish(2, LogTail::Placement::kQueued);
  Publish(2);
  EvictTail();
  FakeClient client = Subscribe();
  std::vector<Sequence> seen;
  while (seen.size() < 6) {
    const auto taken = client.TakeSome();
    ASSERT_FALSE(taken.empty());
    for (const Sequence sequence : SequencesOf(taken)) seen.push_back(sequence);
  }
  EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(ChannelTest, PassesOverAHoleInTheLogAndCountsWhatWasLost) {
  Publish(2, LogTail::Placement::kQueued);
  Publish(2);
  log_->tail().Trim(3);  // neither in memory nor on disk
  EvictTail();
  FakeClient client = Subscribe();
  EXPECT_THAT(SequencesOf(client.TakeSome()), ElementsAre(3, 4));
  EXPECT_EQ(Stats().dropped_count, 2u);
  EXPECT_EQ(Stats().message_count, 4u);
  EXPECT_EQ(channel_->NeededFrom(), 3u);
}

TEST_F(ChannelTest, AnEphemeralChannelLosesTheOldestPastItsWindow) {
  Open("c#ephemeral");
  for (int i = 0; i < 12; ++i) Publish(1000);
  EXPECT_EQ(channel_->NeededFrom(), 2001u);
  FakeClient client = Subscribe(20000);
  EXPECT_EQ(client.Take().front().sequence, 2001u);
  EXPECT_EQ(Stats().dropped_count, 2000u);
  EXPECT_EQ(Stats().message_count, 12000u);
}

TEST_F(ChannelTest, AnEphemeralChannelKeepsAllWithinItsWindow) {
  Open("c#ephemeral");
  for (int i = 0; i < 10; ++i) Publish(1000);
  FakeClient client = Subscribe();
  EXPECT_EQ(client.Take().front().sequence, 1u);
  EXPECT_EQ(Stats().dropped_count, 0u);
}

TEST_F(ChannelTest, OneForgottenMessageDoesNotTakeOthersWithIt) {
  Open("c#ephemeral");
  for (int i = 0; i < 2; ++i) Publish(1000, LogTail::Placement::kQueued);
  FakeClient client = Subscribe(1500);
  auto taken = client.Take();
  const auto rest = client.Take();
  ASSERT_EQ(taken.front().sequence, 1u);
  ASSERT_EQ(rest.back().sequence, 1500u);
  client.Requeue({taken.front(), rest.back()});
  for (int i = 0; i < 9; ++i) Publish(1000, LogTail::Placement::kQueued);
  log_->tail().Trim(1001);  // as far as an ephemeral channel may hold the log
  // Message 1 is gone, and message 1500 in memory.
  client.subscription->SetReady(3000, 0);
  TakeLimit two;
  two.messages = 2;
  std::vector<Sequence> seen;
  for (int i = 0; i < 3; ++i) {
    for (const auto& message : client.TakeSome(two)) {
      if (message.attempts == 2) seen.push_back(message.sequence);
    }
    node_.FinishIo();
  }
  EXPECT_THAT(seen, ElementsAre(1500));
  EXPECT_EQ(Stats().dropped_count, 1u);
}

TEST_F(ChannelTest, TheAgeOfTheOldestMessageIsReadFromDiskWhenItMust) {
  Publish(1);
  EvictTail();
  Stats();
  node_.FinishIo();
  // MakeBlock stamps second 1.
  EXPECT_EQ(Stats().oldest_message_age,
            node_.clock.WallNow() - absl::FromUnixSeconds(1));
}

}  // namespace
}  // namespace sluice
