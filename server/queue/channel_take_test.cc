// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// How a channel shares messages out.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/channel.h"
#include "server/queue/fake_channel.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TakeLimit AtMost(uint32_t messages) {
  TakeLimit limit;
  limit.messages = messages;
  return limit;
}

TEST_F(ChannelTest, DeliversInTheOrderOfTheLogAcrossBlocks) {
  Publish(2);
  Publish(3);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  EXPECT_THAT(SequencesOf(taken), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(taken[4].body, "5");
  EXPECT_EQ(taken[4].attempts, 1u);
}

TEST_F(ChannelTest, DeliveryIdsOfATakeFollowOneAnother) {
  Publish(2);
  Publish(2);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  ASSERT_THAT(taken, SizeIs(4));
  for (size_t i = 1; i < taken.size(); ++i) {
    EXPECT_EQ(taken[i].id, taken[0].id + i);
  }
}

TEST_F(ChannelTest, AMessageGoesToOneSubscriberOnly) {
  Publish(4);
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  EXPECT_THAT(SequencesOf(one.Take(AtMost(2))), ElementsAre(1, 2));
  EXPECT_THAT(SequencesOf(two.Take()), ElementsAre(3, 4));
  EXPECT_THAT(one.Take(), IsEmpty());
}

TEST_F(ChannelTest, RdyIsALevelAndNotACredit) {
  Publish(5);
  FakeClient client = Subscribe(2);
  const auto taken = client.Take();
  EXPECT_THAT(SequencesOf(taken), ElementsAre(1, 2));
  EXPECT_THAT(client.Take(), IsEmpty());
  client.subscription->SetReady(2, 0);
  EXPECT_THAT(client.Take(), IsEmpty());
  client.subscription->SetReady(3, 0);
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(3));
}

TEST_F(ChannelTest, ATakeStopsAtItsBytesButOneMessageAlwaysFits) {
  PublishBodies({"aaaa", "bbbb", "cccc"});
  FakeClient client = Subscribe();
  TakeLimit limit;
  limit.body_bytes = 8;
  EXPECT_THAT(SequencesOf(client.Take(limit)), ElementsAre(1, 2));
  limit.body_bytes = 1;
  EXPECT_THAT(SequencesOf(client.Take(limit)), ElementsAre(3));
}

TEST_F(ChannelTest, TheByteBudgetOfRdyHoldsDeliveriesBack) {
  PublishBodies({"aaaa", "bbbb", "cccc", "dddd"});
  FakeClient client = Subscribe();
  client.subscription->SetReady(100, 8);
  const auto taken = client.Take();
  EXPECT_THAT(SequencesOf(taken), ElementsAre(1, 2));
  EXPECT_THAT(client.Take(), IsEmpty());
  client.Finish({taken[0]});
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(3));
}

TEST_F(ChannelTest, AMessageAboveTheByteBudgetIsDeliveredAlone) {
  PublishBodies({"a long body", "another long body"});
  FakeClient client = Subscribe();
  client.subscription->SetReady(100, 4);
  const auto taken = client.Take();
  EXPECT_THAT(SequencesOf(taken), ElementsAre(1));
  EXPECT_THAT(client.Take(), IsEmpty());
  client.Finish(taken);
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(2));
}

TEST_F(ChannelTest, AtMostHalfOfATakeIsRedeliveryWhileTheLogHasWork) {
  Publish(4);
  FakeClient client = Subscribe();
  client.Requeue(client.Take());
  Publish(4);
  EXPECT_THAT(SequencesOf(client.Take(AtMost(4))), ElementsAre(1, 2, 5, 6));
  EXPECT_THAT(SequencesOf(client.Take(AtMost(4))), ElementsAre(3, 4, 7, 8));
}

TEST_F(ChannelTest, TakesOfOneGoToTheLogAndToRedeliveryInTurn) {
  Publish(1);
  FakeClient client = Subscribe(1);
  client.Requeue(client.Take());
  Publish(3);
  // A message that is requeued for ever does not hold up the others.
  std::vector<Sequence> seen;
  for (int i = 0; i < 6; ++i) {
    const auto taken = client.Take();
    ASSERT_THAT(taken, SizeIs(1));
    seen.push_back(taken[0].sequence);
    if (taken[0].sequence == 1) {
      client.Requeue(taken);
    } else {
      client.Finish(taken);
    }
  }
  EXPECT_THAT(seen, ElementsAre(1, 2, 1, 3, 1, 4));
}

TEST_F(ChannelTest, WithoutWorkInTheLogATakeIsAllRedelivery) {
  Publish(4);
  FakeClient client = Subscribe();
  client.Requeue(client.Take());
  EXPECT_THAT(SequencesOf(client.Take(AtMost(4))), ElementsAre(1, 2, 3, 4));
}

TEST_F(ChannelTest, ABurstIsSharedAmongThoseWhoWait) {
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  FakeClient three = Subscribe();
  EXPECT_THAT(one.Take(), IsEmpty());
  EXPECT_THAT(two.Take(), IsEmpty());
  EXPECT_THAT(three.Take(), IsEmpty());
  Publish(9);
  EXPECT_THAT(one.Take(), SizeIs(3));
  EXPECT_THAT(two.Take(), SizeIs(3));
  EXPECT_THAT(three.Take(), SizeIs(3));
}

TEST_F(ChannelTest, NoShareIsKeptForASubscriberThatLeft) {
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  EXPECT_THAT(one.Take(), IsEmpty());
  EXPECT_THAT(two.Take(), IsEmpty());
  Publish(8);
  two.subscription.reset();
  EXPECT_THAT(one.Take(), SizeIs(8));
}

TEST_F(ChannelTest, EvenTheSmallestShareIsOneMessage) {
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  FakeClient three = Subscribe();
  EXPECT_THAT(one.Take(), IsEmpty());
  EXPECT_THAT(two.Take(), IsEmpty());
  EXPECT_THAT(three.Take(), IsEmpty());
  Publish(2);
  EXPECT_THAT(one.Take(), SizeIs(1));
}

TEST_F(ChannelTest, APausedChannelDeliversNothing) {
  Publish(1);
  channel_->SetPaused(true);
  FakeClient client = Subscribe();
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_TRUE(Stats().paused);
  EXPECT_EQ(Stats().depth, 1u);
  channel_->SetPaused(false);
  EXPECT_THAT(client.Take(), SizeIs(1));
}

TEST_F(ChannelTest, APausedChannelStillTakesFinishes) {
  Publish(1);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  channel_->SetPaused(true);
  EXPECT_THAT(client.Finish(taken), IsEmpty());
  EXPECT_EQ(Stats().finish_count, 1u);
}

TEST_F(ChannelTest, ATopicThatHoldsItsLogHoldsItsChannels) {
  Publish(1);
  log_->HoldAt(2);
  Publish(1);
  FakeClient client = Subscribe();
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(1));
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(Stats().depth, 0u);
  log_->Unhold();
  channel_->OnMessagesVisible();
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(2));
}

TEST_F(ChannelTest, WithAutoFinishATakeIsTheEndOfAMessage) {
  Publish(3);
  SubscriberSpec spec;
  spec.auto_finish = true;
  FakeClient client = Subscribe(1, spec);
  EXPECT_THAT(client.Take(), SizeIs(3));  // RDY says only whether
  EXPECT_EQ(Stats().finish_count, 3u);
  EXPECT_EQ(Stats().in_flight_count, 0u);
  EXPECT_EQ(channel_->NeededFrom(), 4u);
  Publish(1);
  client.subscription->SetReady(0, 0);
  EXPECT_THAT(client.Take(), IsEmpty());
}

TEST_F(ChannelTest, WithAutoFinishEachDeliveryHasAnIdThatNobodyCanUse) {
  Publish(2);
  SubscriberSpec spec;
  spec.auto_finish = true;
  FakeClient client = Subscribe(1, spec);
  const std::vector<TakenMessage> first = client.Take();
  Publish(1);
  const std::vector<TakenMessage> second = client.Take();
  ASSERT_THAT(first, SizeIs(2));
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_GT(first[0].id, 0u);
  EXPECT_EQ(first[1].id, first[0].id + 1);
  EXPECT_EQ(second[0].id, first[1].id + 1);
  std::vector<DeliveryId> failed;
  client.subscription->Finish({first[0].id}, &failed);
  EXPECT_THAT(failed, ElementsAre(first[0].id));
}

TEST_F(ChannelTest, TakesNothingNewPastItsBoundOfExceptions) {
  constexpr uint32_t kPerBlock = 100'000;
  const std::vector<std::string> bodies(kPerBlock, "x");
  const uint64_t blocks = node_.limits.channel_unfinished_in_memory / kPerBlock;
  for (uint64_t i = 0; i < blocks + 1; ++i) {
    PublishBodies(bodies, LogTail::Placement::kQueued);
  }
  FakeClient client = Subscribe(UINT32_MAX);
  std::vector<DeliveryRun> runs;
  TakeLimit limit = AtMost(kPerBlock);
  limit.body_bytes = size_t{1} << 30;
  uint64_t taken = 0;
  while (const uint32_t count = client.subscription->Take(limit, &runs)) {
    taken += count;
  }
  EXPECT_EQ(taken, node_.limits.channel_unfinished_in_memory);
  // What is finished makes room.
  std::vector<DeliveryId> failed;
  client.subscription->Finish({runs.front().first_delivery_id}, &failed);
  EXPECT_THAT(failed, IsEmpty());
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
  EXPECT_GT(client.subscription->Take(limit, &runs), 0u);
}

}  // namespace
}  // namespace sluice
