// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// How a channel keeps messages back until their time, and drops what a sampling
// subscriber does not want.
#include <cmath>
#include <vector>

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

constexpr absl::Duration kNone = absl::ZeroDuration();

void ExpectInvariant(const ChannelStats& stats) {
  EXPECT_EQ(stats.message_count, stats.finish_count + stats.dropped_count +
                                     stats.depth + stats.in_flight_count +
                                     stats.deferred_count);
}

TEST_F(ChannelTest, ADelayedMessageComesAtItsTimeAndNotBefore) {
  PublishDelayed({absl::Seconds(5)});
  FakeClient client = Subscribe();
  EXPECT_EQ(Stats().depth, 1u) << "not met yet";
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(Stats().deferred_count, 1u);
  EXPECT_EQ(Stats().depth, 0u);
  node_.Advance(absl::Seconds(5) - absl::Nanoseconds(1));
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(client.subscriber->ready_calls(), 0);
  node_.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
  const auto taken = client.Take();
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_EQ(taken[0].attempts, 1u) << "waiting is no attempt";
  ExpectInvariant(Stats());
}

TEST_F(ChannelTest, NothingComesEarlyWhenTheDateIsSetBack) {
  Publish(1);
  FakeClient client = Subscribe();
  client.RequeueLater(client.Take(), absl::Seconds(5));
  node_.clock.MoveDate(-absl::Seconds(3));
  node_.Advance(absl::Seconds(5));
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.Advance(absl::Seconds(3) - absl::Nanoseconds(1));
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(client.Take(), SizeIs(1));
}

TEST_F(ChannelTest, ADateThatIsSetForwardIsNoticedWithinTenSeconds) {
  PublishDelayed({absl::Hours(1)});
  FakeClient client = Subscribe();
  client.Take();
  node_.clock.MoveDate(absl::Hours(1));
  node_.Advance(absl::Seconds(10));
  EXPECT_THAT(client.Take(), SizeIs(1));
}

TEST_F(ChannelTest, OthersOvertakeADelayedMessage) {
  PublishDelayed({kNone, absl::Seconds(2), kNone, absl::Seconds(1), kNone});
  FakeClient client = Subscribe();
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(1, 3, 5));
  node_.Advance(absl::Seconds(1));
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(4));
  node_.Advance(absl::Seconds(1));
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(2));
}

TEST_F(ChannelTest, EqualDueTimesKeepTheOrderOfTheLog) {
  PublishDelayed(std::vector<absl::Duration>(20, absl::Seconds(1)));
  FakeClient client = Subscribe();
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.Advance(absl::Seconds(1));
  const auto taken = client.Take();
  ASSERT_THAT(taken, SizeIs(20));
  for (size_t i = 0; i < taken.size(); ++i) {
    EXPECT_EQ(taken[i].sequence, i + 1);
  }
}

TEST_F(ChannelTest, ADelayThatIsOverWhenTheCursorComesIsNone) {
  PublishDelayed({absl::Seconds(1)});
  node_.Advance(absl::Seconds(1));
  FakeClient client = Subscribe();
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(1));
}

TEST_F(ChannelTest, ARequeueWithADelayWaitsAndCountsItsAttempts) {
  Publish(2);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  EXPECT_THAT(client.RequeueLater({taken[0]}, absl::Milliseconds(1500)),
              IsEmpty());
  client.RequeueLater({taken[1]}, absl::Seconds(1), /*keep_attempts=*/true);
  EXPECT_EQ(Stats().deferred_count, 2u);
  EXPECT_EQ(Stats().requeue_count, 2u);
  EXPECT_EQ(Stats().in_flight_count, 0u);
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.Advance(absl::Seconds(1));
  const auto second = client.Take();
  ASSERT_THAT(SequencesOf(second), ElementsAre(2));
  EXPECT_EQ(second[0].attempts, 1u);
  node_.Advance(absl::Milliseconds(500));
  const auto first = client.Take();
  ASSERT_THAT(SequencesOf(first), ElementsAre(1));
  EXPECT_EQ(first[0].attempts, 2u);
  ExpectInvariant(Stats());
}

TEST_F(ChannelTest, ARequeueDelayAboveTheMaximumIsCut) {
  node_.limits.max_requeue_delay = absl::Seconds(3);
  Publish(1);
  FakeClient client = Subscribe();
  client.RequeueLater(client.Take(), absl::InfiniteDuration());
  node_.Advance(absl::Seconds(3));
  EXPECT_THAT(client.Take(), SizeIs(1));
}

TEST_F(ChannelTest, ARequeueDelayOfNothingOrLessIsNone) {
  Publish(2);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  client.RequeueLater({taken[0]}, kNone);
  client.RequeueLater({taken[1]}, -absl::Hours(1));
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(1, 2));
}

TEST_F(ChannelTest, ADueMessageWaitsWhileTheChannelIsPaused) {
  PublishDelayed({absl::Seconds(1)});
  FakeClient client = Subscribe();
  client.Take();
  channel_->SetPaused(true);
  node_.Advance(absl::Seconds(2));
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(Stats().depth, 1u);
  EXPECT_EQ(Stats().deferred_count, 0u);
  channel_->SetPaused(false);
  EXPECT_THAT(client.Take(), SizeIs(1));
}

TEST_F(ChannelTest, EmptyingDropsWhatIsDeferred) {
  PublishDelayed({absl::Seconds(1), kNone});
  FakeClient client = Subscribe();
  client.Take();
  channel_->Empty();
  EXPECT_EQ(Stats().deferred_count, 0u);
  EXPECT_EQ(Stats().dropped_count, 2u);
  ExpectInvariant(Stats());
  node_.Advance(absl::Seconds(2));
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(channel_->NeededFrom(), 3u);
}

TEST_F(ChannelTest, ADeferredMessageHoldsTheFloor) {
  PublishDelayed({absl::Seconds(1), kNone});
  FakeClient client = Subscribe();
  client.Finish(client.Take());
  EXPECT_EQ(channel_->NeededFrom(), 1u);
  node_.Advance(absl::Seconds(1));
  client.Finish(client.Take());
  EXPECT_EQ(channel_->NeededFrom(), 3u);
}

TEST_F(ChannelTest, DueTimesSurviveInTheCursor) {
  PublishDelayed({absl::Seconds(5), kNone});
  {
    FakeClient client = Subscribe();
    client.RequeueLater(client.Take(), absl::Seconds(3));
  }
  Sequence floor = 0;
  const CursorState saved = SaveCursor(&floor);
  EXPECT_EQ(floor, 1u);
  Open("c", *CursorState::Decode(saved.Encode()));
  FakeClient client = Subscribe();
  EXPECT_EQ(Stats().deferred_count, 2u);
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.Advance(absl::Seconds(3));
  const auto requeued = client.Take();
  ASSERT_THAT(SequencesOf(requeued), ElementsAre(2));
  EXPECT_EQ(requeued[0].attempts, 2u);
  node_.Advance(absl::Seconds(2));
  const auto delayed = client.Take();
  ASSERT_THAT(SequencesOf(delayed), ElementsAre(1));
  EXPECT_EQ(delayed[0].attempts, 1u);
}

TEST_F(ChannelTest, ACursorWithoutDueTimesDeliversNothingEarly) {
  PublishDelayed({absl::Seconds(5)});
  CursorState old;
  old.cursor = 2;
  old.unfinished = {{1, 0}};
  Open("c", old);
  FakeClient client = Subscribe();
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(Stats().deferred_count, 1u);
  node_.Advance(absl::Seconds(5));
  EXPECT_THAT(client.Take(), SizeIs(1));
}

TEST_F(ChannelTest, DelayedMessagesAreReadBackFromDisk) {
  PublishDelayed({absl::Seconds(5), kNone, absl::Seconds(5)});
  FakeClient client = Subscribe();
  client.Finish(client.Take());
  EvictTail();
  node_.Advance(absl::Seconds(5));
  std::vector<Sequence> seen;
  while (seen.size() < 2) {
    const auto taken = client.TakeSome();
    ASSERT_FALSE(taken.empty());
    for (const Sequence sequence : SequencesOf(taken)) seen.push_back(sequence);
  }
  EXPECT_THAT(seen, ElementsAre(1, 3));
}

TEST_F(ChannelTest, AMessageDueFarAwayStillComesWhenTheTimeIsThere) {
  PublishDelayed({absl::Hours(24 * 300)});
  FakeClient client = Subscribe();
  client.Take();
  node_.Advance(absl::Hours(24 * 299));
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.Advance(absl::Hours(24));
  EXPECT_THAT(client.TakeSome(), SizeIs(1));
}

TEST_F(ChannelTest, ASamplingSubscriberGetsItsShareAndTheRestIsDropped) {
  for (int i = 0; i < 100; ++i) Publish(100);
  SubscriberSpec spec;
  spec.sample_percent = 30;
  FakeClient client = Subscribe(20'000, spec);
  TakeLimit all;
  all.messages = 20'000;
  uint64_t taken = 0;
  while (true) {
    const auto messages = client.Take(all);
    if (messages.empty()) break;
    taken += messages.size();
    client.Finish(messages);
  }
  const double sigma = std::sqrt(10'000 * 0.3 * 0.7);
  EXPECT_NEAR(static_cast<double>(taken), 3000, 6 * sigma);
  EXPECT_EQ(Stats().dropped_count, 10'000 - taken);
  EXPECT_EQ(Stats().finish_count, taken);
  EXPECT_EQ(channel_->NeededFrom(), 10'001u);
  ExpectInvariant(Stats());
}

TEST_F(ChannelTest, SamplingDropsNothingThatWasDeliveredBefore) {
  Publish(100);
  {
    FakeClient all = Subscribe();
    EXPECT_THAT(all.Take(), SizeIs(100));
  }
  SubscriberSpec spec;
  spec.sample_percent = 1;
  FakeClient sampling = Subscribe(1000, spec);
  EXPECT_THAT(sampling.Take(), SizeIs(100));
  EXPECT_EQ(Stats().dropped_count, 0u);
}

TEST_F(ChannelTest, SamplingWorksWithoutLeasesToo) {
  for (int i = 0; i < 100; ++i) Publish(100);
  SubscriberSpec spec;
  spec.sample_percent = 50;
  spec.auto_finish = true;
  FakeClient client = Subscribe(1, spec);
  while (!client.Take().empty()) {
  }
  EXPECT_NEAR(static_cast<double>(Stats().finish_count), 5000, 6 * 50);
  EXPECT_EQ(Stats().dropped_count + Stats().finish_count, 10'000u);
  EXPECT_EQ(channel_->NeededFrom(), 10'001u);
}

}  // namespace
}  // namespace sluice
