// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// What a channel remembers across restarts, and what it says of itself.
#include <vector>

#include "absl/types/optional.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/channel.h"
#include "server/queue/fake_channel.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Unfinished = CursorState::Unfinished;

class ChannelCursorTest : public ChannelTest {
 protected:
  CursorState Save() {
    Sequence floor = 0;
    CursorState state = SaveCursor(&floor);
    channel_->OnCursorSaved(floor);
    return state;
  }
};

TEST_F(ChannelCursorTest, TheFloorWaitsForTheOldestMessage) {
  Publish(3);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  client.Finish({taken[1], taken[2]});
  EXPECT_EQ(channel_->NeededFrom(), 1u);
  EXPECT_EQ(owner_->floor_advanced, 0);
  client.Finish({taken[0]});
  EXPECT_EQ(channel_->NeededFrom(), 4u);
  EXPECT_EQ(owner_->floor_advanced, 1);
}

TEST_F(ChannelCursorTest, OnlyASavedCursorLetsTheLogBeForgotten) {
  Publish(2);
  FakeClient client = Subscribe();
  client.Finish(client.Take());
  EXPECT_EQ(channel_->saved_floor(), 1u);
  Save();
  EXPECT_EQ(channel_->saved_floor(), 3u);
}

TEST_F(ChannelCursorTest, SaysOncePerSaveThatItsCursorChanged) {
  Publish(4);
  FakeClient client = Subscribe(1);
  client.Finish(client.Take());
  client.Finish(client.Take());
  EXPECT_EQ(owner_->dirty_calls, 1);
  Save();
  client.Finish(client.Take());
  EXPECT_EQ(owner_->dirty_calls, 2);
  EXPECT_EQ(owner_->urgent_calls, 0);
}

TEST_F(ChannelCursorTest, IsUrgentAfterTenThousandFinishes) {
  Publish(20'000);
  FakeClient client = Subscribe(20'000);
  for (int i = 0; i < 9; ++i) client.Finish(client.Take());
  EXPECT_EQ(owner_->urgent_calls, 0);
  client.Finish(client.Take());
  EXPECT_EQ(owner_->urgent_calls, 1);
  client.Finish(client.Take());
  EXPECT_EQ(owner_->urgent_calls, 1);  // until it is saved
}

TEST_F(ChannelCursorTest, ABigFinishIsBothNewsAndUrgent) {
  Publish(Channel::kSaveEveryFinishes);
  FakeClient client = Subscribe(Channel::kSaveEveryFinishes);
  TakeLimit limit;
  limit.messages = Channel::kSaveEveryFinishes;
  const auto taken = client.Take(limit);
  ASSERT_THAT(taken, SizeIs(Channel::kSaveEveryFinishes));
  Save();
  EXPECT_EQ(owner_->dirty_calls, 1);
  client.Finish(taken);
  EXPECT_EQ(owner_->dirty_calls, 2);
  EXPECT_EQ(owner_->urgent_calls, 1);
}

TEST_F(ChannelCursorTest, RemembersAttemptsOfAllThatIsUnfinished) {
  Publish(5);
  FakeClient client = Subscribe(4);
  const auto taken = client.Take();
  client.Finish({taken[0], taken[2]});
  client.Requeue({taken[1]});
  const CursorState state = Save();
  EXPECT_EQ(state.cursor, 5u);
  EXPECT_THAT(state.unfinished,
              ElementsAre(Unfinished{2, 1}, Unfinished{4, 1}));
}

TEST_F(ChannelCursorTest, StandsWhereTheSavedCursorSays) {
  Publish(6);
  Open("c", {5, {{2, 1}, {4, 7}}});
  EXPECT_EQ(Stats().depth, 4u);
  EXPECT_EQ(channel_->NeededFrom(), 2u);
  EXPECT_EQ(channel_->saved_floor(), 2u);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  ASSERT_EQ(SequencesOf(taken), (std::vector<Sequence>{2, 4, 5, 6}));
  EXPECT_EQ(taken[0].attempts, 2u);
  EXPECT_EQ(taken[1].attempts, 8u);
  EXPECT_EQ(taken[2].attempts, 1u);
  client.Finish(taken);
  EXPECT_EQ(channel_->NeededFrom(), 7u);
}

TEST_F(ChannelCursorTest, DoesNotWaitForWhatACrashTookFromMemory) {
  TopicLog::Start start;
  start.end = 11;
  start.gaps.Add(1, 4);
  start.gaps.Add(6, 11);
  log_ = node_.MakeLog(false, start);
  Open("c", {8, {{2, 1}, {4, 3}}});
  // 4 is ready again; 5 was finished; the rest is gone.
  EXPECT_EQ(Stats().depth, 1u);
  EXPECT_EQ(channel_->NeededFrom(), 4u);
}

TEST_F(ChannelCursorTest, PassesOverAGapAsIfItWereFinished) {
  for (int i = 0; i < 3; ++i) Publish(1);
  log_->AddGap(2, 3);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  EXPECT_THAT(SequencesOf(taken), ElementsAre(1, 3));
  client.Finish(taken);
  EXPECT_EQ(channel_->NeededFrom(), 4u);
  EXPECT_EQ(Stats().message_count, 2u);
}

TEST_F(ChannelCursorTest, EmptyingDropsWhatIsReadyAndWhatIsLeased) {
  Publish(5);
  FakeClient client = Subscribe(3);
  const auto taken = client.Take();
  client.Requeue({taken[0]});
  channel_->Empty();
  EXPECT_EQ(Stats().dropped_count, 5u);
  EXPECT_EQ(Stats().message_count, 5u);
  EXPECT_EQ(channel_->NeededFrom(), 6u);
  EXPECT_THAT(client.Finish(taken), SizeIs(3));
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_THAT(Save().unfinished, IsEmpty());
  Publish(1);
  EXPECT_THAT(SequencesOf(client.Take()), ElementsAre(6));
}

TEST_F(ChannelCursorTest, ShowsUnfinishedMessagesByState) {
  Publish(6);
  FakeClient client = Subscribe(4);
  const auto taken = client.Take();
  client.Finish({taken[1]});
  client.Requeue({taken[2]});
  const auto sequences = [&](Sequence from, uint32_t limit,
                             absl::optional<MessageState> state) {
    std::vector<Sequence> seen;
    for (const auto& entry : channel_->Peek(from, limit, state)) {
      seen.push_back(entry.sequence);
    }
    return seen;
  };
  EXPECT_THAT(sequences(0, 10, absl::nullopt), ElementsAre(1, 3, 4, 5, 6));
  EXPECT_THAT(sequences(0, 10, MessageState::kReady), ElementsAre(3, 5, 6));
  EXPECT_THAT(sequences(0, 10, MessageState::kInFlight), ElementsAre(1, 4));
  EXPECT_THAT(sequences(0, 10, MessageState::kDeferred), IsEmpty());
  EXPECT_THAT(sequences(4, 2, absl::nullopt), ElementsAre(4, 5));
}

TEST_F(ChannelCursorTest, DescribesItsSubscribers) {
  SubscriberSpec spec;
  spec.client_id = "me";
  Publish(3);
  FakeClient client = Subscribe(2, spec);
  const auto taken = client.Take();
  client.Finish({taken[0]});
  client.Requeue({taken[1]});
  const ChannelStats stats = channel_->Stats(true);
  ASSERT_THAT(stats.subscribers, SizeIs(1));
  EXPECT_EQ(stats.subscribers[0].client_id, "me");
  EXPECT_EQ(stats.subscribers[0].ready_count, 2u);
  EXPECT_EQ(stats.subscribers[0].delivery_count, 2u);
  EXPECT_EQ(stats.subscribers[0].finish_count, 1u);
  EXPECT_EQ(stats.subscribers[0].requeue_count, 1u);
  EXPECT_EQ(stats.subscribers[0].in_flight_count, 0u);
}

}  // namespace
}  // namespace sluice
