// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// How long a subscriber may keep a message, and how it gives it back.
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/channel.h"
#include "server/queue/errors.h"
#include "server/queue/fake_channel.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kTick = absl::Nanoseconds(1);

SubscriberSpec WithTimeout(absl::Duration timeout) {
  SubscriberSpec spec;
  spec.message_timeout = timeout;
  return spec;
}

TEST_F(ChannelTest, ALeaseRunsOutAtItsDeadlineAndNotBefore) {
  Publish(2);
  FakeClient client = Subscribe();
  EXPECT_THAT(client.Take(), SizeIs(2));
  node_.Advance(absl::Seconds(60) - kTick);
  EXPECT_EQ(Stats().in_flight_count, 2u);
  node_.Advance(kTick);
  EXPECT_EQ(Stats().in_flight_count, 0u);
  EXPECT_EQ(Stats().depth, 2u);
  EXPECT_EQ(Stats().timeout_count, 2u);
  EXPECT_EQ(client.Take()[0].attempts, 2u);
}

TEST_F(ChannelTest, ALaterButShorterLeaseRunsOutFirst) {
  Publish(2);
  FakeClient slow = Subscribe(1, WithTimeout(absl::Seconds(60)));
  FakeClient fast = Subscribe(1, WithTimeout(absl::Seconds(5)));
  EXPECT_THAT(SequencesOf(slow.Take()), ElementsAre(1));
  EXPECT_THAT(SequencesOf(fast.Take()), ElementsAre(2));
  node_.Advance(absl::Seconds(5));
  EXPECT_EQ(slow.subscription->in_flight(), 1u);
  EXPECT_EQ(fast.subscription->in_flight(), 0u);
  node_.Advance(absl::Seconds(55));
  EXPECT_EQ(slow.subscription->in_flight(), 0u);
}

TEST_F(ChannelTest, EachTakeHasItsOwnDeadline) {
  Publish(2);
  FakeClient client = Subscribe(1);
  client.Take();
  node_.Advance(absl::Seconds(10));
  client.subscription->SetReady(2, 0);
  client.Take();
  node_.Advance(absl::Seconds(50));
  EXPECT_EQ(client.subscription->in_flight(), 1u);
  node_.Advance(absl::Seconds(10));
  EXPECT_EQ(client.subscription->in_flight(), 0u);
}

TEST_F(ChannelTest, TouchMovesTheDeadline) {
  Publish(2);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  node_.Advance(absl::Seconds(40));
  EXPECT_THAT(client.Touch({taken[0]}), IsEmpty());
  node_.Advance(absl::Seconds(20));  // the other one's deadline
  EXPECT_EQ(client.subscription->in_flight(), 1u);
  node_.Advance(absl::Seconds(40) - kTick);
  EXPECT_EQ(client.subscription->in_flight(), 1u);
  node_.Advance(kTick);
  EXPECT_EQ(client.subscription->in_flight(), 0u);
}

TEST_F(ChannelTest, TouchCannotKeepAMessagePastTheLongestTimeout) {
  node_.limits.max_message_timeout = absl::Seconds(90);
  Publish(1);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  node_.Advance(absl::Seconds(50));
  client.Touch(taken);
  node_.Advance(absl::Seconds(30));
  client.Touch(taken);
  node_.Advance(absl::Seconds(10) - kTick);
  EXPECT_EQ(client.subscription->in_flight(), 1u);
  node_.Advance(kTick);
  EXPECT_EQ(client.subscription->in_flight(), 0u);
  EXPECT_THAT(client.Touch(taken), SizeIs(1));
}

TEST_F(ChannelTest, ALateFinishChangesNothing) {
  Publish(1);
  FakeClient client = Subscribe();
  const auto first = client.Take();
  node_.Advance(absl::Seconds(60));
  EXPECT_THAT(client.Finish(first), ElementsAre(first[0].id));
  const auto second = client.Take();
  EXPECT_NE(second[0].id, first[0].id);
  EXPECT_THAT(client.Finish(first), SizeIs(1));
  EXPECT_EQ(Stats().in_flight_count, 1u);
  EXPECT_THAT(client.Finish(second), IsEmpty());
  EXPECT_EQ(Stats().finish_count, 1u);
}

TEST_F(ChannelTest, NobodyActsOnWhatAnotherHolds) {
  Publish(1);
  FakeClient holder = Subscribe();
  FakeClient other = Subscribe();
  const auto taken = holder.Take();
  EXPECT_THAT(other.Finish(taken), SizeIs(1));
  EXPECT_THAT(other.Requeue(taken), SizeIs(1));
  EXPECT_THAT(other.Touch(taken), SizeIs(1));
  EXPECT_EQ(holder.subscription->in_flight(), 1u);
  EXPECT_EQ(Stats().requeue_count, 0u);
}

TEST_F(ChannelTest, AMixedFinishDoesWhatItCan) {
  Publish(3);
  FakeClient client = Subscribe();
  auto taken = client.Take();
  client.Finish({taken[1]});
  EXPECT_THAT(client.Finish(taken), ElementsAre(taken[1].id));
  EXPECT_EQ(Stats().finish_count, 3u);
}

TEST_F(ChannelTest, ARequeueCountsTheAttempt) {
  Publish(1);
  FakeClient client = Subscribe();
  EXPECT_THAT(client.Requeue(client.Take()), IsEmpty());
  EXPECT_EQ(Stats().requeue_count, 1u);
  EXPECT_EQ(client.Take()[0].attempts, 2u);
}

TEST_F(ChannelTest, ARequeueThatKeepsAttemptsDoesNotCountIt) {
  Publish(1);
  FakeClient client = Subscribe();
  client.Requeue(client.Take(), /*keep_attempts=*/true);
  auto again = client.Take();
  EXPECT_EQ(again[0].attempts, 1u);
  client.Requeue(again);
  again = client.Take();
  EXPECT_EQ(again[0].attempts, 2u);
  client.Requeue(again, /*keep_attempts=*/true);
  EXPECT_EQ(client.Take()[0].attempts, 2u);
}

TEST_F(ChannelTest, ALeavingSubscriberGivesEverythingBackAtOnce) {
  Publish(3);
  FakeClient one = Subscribe();
  const auto taken = one.Take();
  one.Finish({taken[1]});
  one.subscription.reset();
  EXPECT_EQ(Stats().depth, 2u);
  FakeClient two = Subscribe();
  const auto again = two.Take();
  EXPECT_THAT(SequencesOf(again), ElementsAre(1, 3));
  EXPECT_EQ(again[0].attempts, 2u);
  EXPECT_EQ(owner_->last_gone, 1);
}

TEST_F(ChannelTest, ClosingVoidsLeasesAndTellsEverySubscriberOnce) {
  Publish(1);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  channel_->Close(ChannelNotFound("t", "c"));
  channel_->Close(TopicNotFound("t"));
  EXPECT_EQ(ErrorReason(client.subscriber->closed()), "CHANNEL_NOT_FOUND");
  EXPECT_THAT(client.Finish(taken), SizeIs(1));
  EXPECT_THAT(client.Take(), IsEmpty());
  auto late = std::make_shared<Attachment>();
  EXPECT_EQ(ErrorReason(channel_->Attach(late)), "CHANNEL_NOT_FOUND");
}

TEST_F(ChannelTest, AChannelInUseDoesNotCloseAsUnused) {
  FakeClient client = Subscribe();
  EXPECT_FALSE(channel_->CloseIfUnused(ChannelNotFound("t", "c")));
  client.subscription.reset();
  EXPECT_TRUE(channel_->CloseIfUnused(ChannelNotFound("t", "c")));
  EXPECT_TRUE(channel_->closed());
}

TEST_F(ChannelTest, RefusesMoreSubscribersThanItsLimit) {
  node_.limits.max_channel_subscribers = 1;
  FakeClient client = Subscribe();
  auto second = std::make_shared<Attachment>();
  EXPECT_EQ(ErrorReason(channel_->Attach(second)), "TOO_MANY_SUBSCRIBERS");
}

TEST_F(ChannelTest, CountsAlwaysAddUp) {
  Publish(10);
  FakeClient client = Subscribe(6);
  auto taken = client.Take();
  client.Finish({taken[0], taken[3]});
  client.Requeue({taken[1]});
  const ChannelStats stats = Stats();
  EXPECT_EQ(stats.finish_count, 2u);
  EXPECT_EQ(stats.in_flight_count, 3u);
  EXPECT_EQ(stats.depth, 5u);
  EXPECT_EQ(stats.message_count, 10u);
  EXPECT_EQ(channel_->unfinished(), 8u);
}

}  // namespace
}  // namespace sluice
