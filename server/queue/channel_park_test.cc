// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// One message that is never finished must not hold the log for ever.
#include <string>
#include <utility>
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

class ChannelParkTest : public ChannelTest {
 protected:
  ChannelParkTest() { node_.limits.channel_window_messages = 100; }

  // Takes one message and leaves it leased; the others pass.
  std::vector<TakenMessage> Pin(FakeClient& client, int others = 150) {
    Publish(1);
    auto pinned = client.Take();
    for (int i = 0; i < others; ++i) {
      Publish(1);
      client.Finish(client.Take());
    }
    node_.FinishIo();
    return pinned;
  }
  // As the topic does when the floor has moved.
  void ForgetLog() {
    EvictTail();
    log_->tail().Trim(channel_->NeededFrom());
    ASSERT_TRUE(node_.store.Forget(log_->id(), channel_->NeededFrom()).ok());
  }
};

TEST_F(ChannelParkTest, TheFloorPassesAnOldLeaseOnceItIsParked) {
  FakeClient client = Subscribe();
  const auto pinned = Pin(client);
  EXPECT_EQ(channel_->NeededFrom(), 1u);
  EXPECT_GT(owner_->urgent_calls, 0);
  Commit();
  EXPECT_EQ(channel_->NeededFrom(), 152u);
  EXPECT_EQ(ParkedRecords(), 1u);
  EXPECT_GT(channel_->parked_bytes(), 0u);
  EXPECT_EQ(Stats().in_flight_count, 1u);
  EXPECT_EQ(Stats().message_count, 151u);
  EXPECT_THAT(client.Finish(pinned), IsEmpty());
  EXPECT_EQ(Stats().finish_count, 151u);
  EXPECT_EQ(channel_->parked_bytes(), 0u);
  Commit();
  EXPECT_EQ(ParkedRecords(), 0u);
}

TEST_F(ChannelParkTest, NothingIsParkedWithinTheWindow) {
  FakeClient client = Subscribe();
  Pin(client, 99);
  Commit();
  EXPECT_EQ(ParkedRecords(), 0u);
  EXPECT_EQ(channel_->NeededFrom(), 1u);
}

TEST_F(ChannelParkTest, TheWindowIsBoundedInBytesToo) {
  node_.limits.channel_window_bytes = 4000;
  FakeClient client = Subscribe();
  Pin(client, 60);
  Commit();
  EXPECT_EQ(ParkedRecords(), 1u);
}

TEST_F(ChannelParkTest, AParkedMessageIsDeliveredAgainWithoutTheLog) {
  FakeClient client = Subscribe();
  const auto pinned = Pin(client);
  Commit();
  ForgetLog();
  client.Requeue(pinned);
  const auto again = client.TakeSome();
  ASSERT_THAT(SequencesOf(again), ElementsAre(1));
  EXPECT_EQ(again[0].body, "1");
  EXPECT_EQ(again[0].attempts, 2u);
  EXPECT_EQ(Stats().dropped_count, 0u);
}

TEST_F(ChannelParkTest, ManyParkedMessagesComeBackInTheirOrder) {
  FakeClient client = Subscribe();
  Publish(40);
  const auto pinned = client.Take();
  for (int i = 0; i < 150; ++i) {
    Publish(1);
    client.Finish(client.Take());
  }
  node_.FinishIo();
  Commit();
  EXPECT_EQ(ParkedRecords(), 40u);
  ForgetLog();
  client.Requeue(pinned);
  std::vector<Sequence> seen;
  while (seen.size() < 40) {
    const auto taken = client.TakeSome();
    ASSERT_FALSE(taken.empty());
    for (const TakenMessage& message : taken) {
      EXPECT_EQ(message.body, std::to_string(message.sequence));
      seen.push_back(message.sequence);
    }
    client.Finish(taken);
  }
  EXPECT_EQ(seen.front(), 1u);
  EXPECT_EQ(seen.back(), 40u);
  Commit();
  EXPECT_EQ(ParkedRecords(), 0u);
}

TEST_F(ChannelParkTest, ADamagedMessageDoesNotKeepOthersFromBeingParked) {
  FakeClient client = Subscribe();
  Publish(2);
  Publish(1);
  const auto pinned = client.Take();
  ASSERT_THAT(pinned, SizeIs(3));
  EvictTail();
  node_.store.memory().DamageForTest({log_->id(), 1});
  Pin(client);
  Commit();
  EXPECT_EQ(ParkedRecords(), 2u) << "the one of the second block, and Pin's";
}

TEST_F(ChannelParkTest, ADamagedCopyIsDropped) {
  FakeClient client = Subscribe();
  const auto pinned = Pin(client);
  Commit();
  StoreBatch batch;
  batch.state.push_back(
      {StateFamily::kParked, ParkedKey(log_->id(), 1, 1), "garbage"});
  node_.store.Append(std::move(batch), [](absl::Status) {});
  ForgetLog();
  client.Requeue(pinned);
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.FinishIo();
  EXPECT_EQ(Stats().dropped_count, 1u);
  EXPECT_EQ(Stats().depth, 0u);
}

TEST_F(ChannelParkTest, ADeferredMessageIsParkedAndStillWaits) {
  PublishDelayed({absl::Hours(1)});
  FakeClient client = Subscribe();
  for (int i = 0; i < 150; ++i) {
    Publish(1);
    client.Finish(client.Take());
  }
  node_.FinishIo();
  Commit();
  EXPECT_EQ(channel_->NeededFrom(), 152u);
  EXPECT_EQ(Stats().deferred_count, 1u);
  ForgetLog();
  node_.Advance(absl::Hours(1));
  const auto taken = client.TakeSome();
  ASSERT_THAT(SequencesOf(taken), ElementsAre(1));
  EXPECT_EQ(taken[0].attempts, 1u);
}

TEST_F(ChannelParkTest, ARestartFindsWhatIsParked) {
  {
    FakeClient client = Subscribe();
    Pin(client);
    Commit();
  }
  const CursorState saved = Commit();
  ForgetLog();
  Open("c", *CursorState::Decode(saved.Encode()));
  EXPECT_EQ(channel_->NeededFrom(), 152u);
  EXPECT_GT(channel_->parked_bytes(), 0u);
  EXPECT_EQ(Stats().depth, 1u);
  FakeClient client = Subscribe();
  const auto taken = client.TakeSome();
  ASSERT_THAT(SequencesOf(taken), ElementsAre(1));
  EXPECT_EQ(taken[0].attempts, 2u);
  client.Finish(taken);
  Commit();
  EXPECT_EQ(ParkedRecords(), 0u);
}

TEST_F(ChannelParkTest, AFailedSaveParksNothingYet) {
  FakeClient client = Subscribe();
  Pin(client);
  Sequence floor = 0;
  std::vector<StateWrite> lost;
  channel_->SaveCursor(&floor, &lost);
  EXPECT_THAT(lost, SizeIs(1));
  channel_->OnCursorNotSaved();
  EXPECT_EQ(channel_->NeededFrom(), 1u);
  Commit();
  EXPECT_EQ(channel_->NeededFrom(), 152u);
}

TEST_F(ChannelParkTest, AMessageFinishedWhileItIsCopiedIsNotParked) {
  FakeClient client = Subscribe();
  const auto pinned = Pin(client);
  client.Finish(pinned);
  Commit();
  EXPECT_EQ(ParkedRecords(), 0u);
  EXPECT_EQ(channel_->NeededFrom(), 152u);
}

TEST_F(ChannelParkTest, EmptyingErasesTheCopies) {
  FakeClient client = Subscribe();
  Pin(client);
  Commit();
  channel_->Empty();
  EXPECT_EQ(Stats().dropped_count, 1u);
  Commit();
  EXPECT_EQ(ParkedRecords(), 0u);
}

TEST_F(ChannelParkTest, AnEphemeralChannelParksNothing) {
  Open("c#ephemeral");
  FakeClient client = Subscribe();
  Pin(client);
  Commit();
  EXPECT_EQ(ParkedRecords(), 0u);
}

}  // namespace
}  // namespace sluice
