// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// When a channel wakes its subscribers.
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/channel.h"
#include "server/queue/fake_channel.h"

namespace sluice {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST_F(ChannelTest, AnEmptyTakeIsWokenOnce) {
  FakeClient client = Subscribe();
  EXPECT_THAT(client.Take(), IsEmpty());
  Publish(1);
  Publish(1);
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
  EXPECT_THAT(client.Take(), SizeIs(2));
  Publish(1);  // the last take was not empty
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
  EXPECT_THAT(client.Take(), SizeIs(1));
  EXPECT_THAT(client.Take(), IsEmpty());
  Publish(1);
  EXPECT_EQ(client.subscriber->ready_calls(), 2);
}

TEST_F(ChannelTest, WhoeverHasNotTakenYetIsNotWoken) {
  FakeClient client = Subscribe();
  Publish(1);
  EXPECT_EQ(client.subscriber->ready_calls(), 0);
}

TEST_F(ChannelTest, OneMessageWakesOneOfThoseWhoWait) {
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  EXPECT_THAT(one.Take(), IsEmpty());
  EXPECT_THAT(two.Take(), IsEmpty());
  Publish(1);
  EXPECT_EQ(one.subscriber->ready_calls(), 1);
  EXPECT_EQ(two.subscriber->ready_calls(), 0);
}

TEST_F(ChannelTest, AWokenSubscriberThatCannotComePassesTheWakeOn) {
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  EXPECT_THAT(one.Take(), IsEmpty());
  EXPECT_THAT(two.Take(), IsEmpty());
  Publish(1);
  one.subscription->PassOn();
  EXPECT_EQ(two.subscriber->ready_calls(), 1);
  EXPECT_THAT(two.Take(), SizeIs(1));
  Publish(1);
  EXPECT_EQ(one.subscriber->ready_calls(), 1) << "it comes by itself";
  EXPECT_THAT(one.Take(), SizeIs(1));
}

TEST_F(ChannelTest, AWokenSubscriberThatLeavesPassesTheWakeOn) {
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  EXPECT_THAT(one.Take(), IsEmpty());
  EXPECT_THAT(two.Take(), IsEmpty());
  Publish(1);
  one.subscription.reset();
  EXPECT_EQ(two.subscriber->ready_calls(), 1);
}

TEST_F(ChannelTest, AWokenSubscriberThatPausesPassesTheWakeOn) {
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  EXPECT_THAT(one.Take(), IsEmpty());
  EXPECT_THAT(two.Take(), IsEmpty());
  Publish(1);
  one.subscription->SetReady(0, 0);
  EXPECT_THAT(one.Take(), IsEmpty());
  EXPECT_EQ(two.subscriber->ready_calls(), 1);
}

TEST_F(ChannelTest, LeasesGivenBackWakeWhoeverWaits) {
  Publish(1);
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  EXPECT_THAT(one.Take(), SizeIs(1));
  EXPECT_THAT(two.Take(), IsEmpty());
  one.subscription.reset();
  EXPECT_EQ(two.subscriber->ready_calls(), 1);
  EXPECT_THAT(two.Take(), SizeIs(1));
}

TEST_F(ChannelTest, ARequeuedMessageWakesWhoeverWaits) {
  Publish(1);
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  const auto taken = one.Take();
  EXPECT_THAT(two.Take(), IsEmpty());
  one.Requeue(taken);
  EXPECT_EQ(two.subscriber->ready_calls(), 1);
}

TEST_F(ChannelTest, ALeaseThatRunsOutWakesWhoeverWaits) {
  Publish(1);
  FakeClient one = Subscribe();
  FakeClient two = Subscribe();
  EXPECT_THAT(one.Take(), SizeIs(1));
  EXPECT_THAT(two.Take(), IsEmpty());
  node_.Advance(absl::Seconds(60));
  EXPECT_EQ(two.subscriber->ready_calls(), 1);
}

TEST_F(ChannelTest, ASubscriberWithoutRoomIsWokenWhenItFinishes) {
  Publish(2);
  FakeClient client = Subscribe(1);
  const auto taken = client.Take();
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(client.subscriber->ready_calls(), 0);
  client.Finish(taken);
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
}

TEST_F(ChannelTest, ASubscriberWithoutRoomIsWokenWhenItRaisesRdy) {
  Publish(1);
  FakeClient client = Subscribe(0);
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(client.subscriber->ready_calls(), 0);
  client.subscription->SetReady(1, 0);
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
}

TEST_F(ChannelTest, ASubscriberWithoutRoomIsWokenAfterTheChannelIsEmptied) {
  Publish(1);
  FakeClient client = Subscribe(1);
  EXPECT_THAT(client.Take(), SizeIs(1));
  EXPECT_THAT(client.Take(), IsEmpty());
  channel_->Empty();
  Publish(1);
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
}

TEST_F(ChannelTest, ResumingWakesWhoeverWaits) {
  channel_->SetPaused(true);
  FakeClient client = Subscribe();
  Publish(1);
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(client.subscriber->ready_calls(), 0);
  channel_->SetPaused(false);
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
}

TEST_F(ChannelTest, NoWakeIsLostWhenPublishingRacesWithTaking) {
  constexpr uint64_t kMessages = 3000;
  constexpr int kTakers = 3;
  std::vector<FakeClient> clients;
  for (int i = 0; i < kTakers; ++i) clients.push_back(Subscribe());
  std::atomic<uint64_t> finished{0};
  std::atomic<bool> stuck{false};
  std::vector<std::thread> threads;
  for (FakeClient& client : clients) {
    threads.emplace_back([&] {
      // Each empty take is owed a wake, and only those are.
      int owed = 0;
      while (finished < kMessages && !stuck) {
        const auto taken = client.Take();
        client.Finish(taken);
        finished += taken.size();
        if (!taken.empty() || finished >= kMessages) continue;
        if (!client.subscriber->WaitForReadyCalls(++owed)) stuck = true;
      }
    });
  }
  for (uint64_t i = 0; i < kMessages; ++i) Publish(1);
  // Those who wait now have nothing more to come: wake them to see that.
  while (finished < kMessages && !stuck) std::this_thread::yield();
  EXPECT_FALSE(stuck);
  for (int i = 0; i < kTakers; ++i) Publish(1);
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(finished, kMessages);
}

TEST_F(ChannelTest, NoWakeIsLostWhenTheNextMessageComesAtOnce) {
  constexpr int kRounds = 10'000;
  FakeClient client = Subscribe();
  std::atomic<int> finished{0};
  std::atomic<bool> stuck{false};
  std::thread taker([&] {
    int owed = 0;
    while (finished < kRounds && !stuck) {
      const auto taken = client.Take();
      if (taken.empty()) {
        stuck = !client.subscriber->WaitForReadyCalls(++owed);
      }
      client.Finish(taken);
      finished += static_cast<int>(taken.size());
    }
  });
  // Each message comes just when the taker finds nothing after the last one:
  // a little later each time, to meet it at every point of its way.
  for (int round = 0; round < kRounds && !stuck; ++round) {
    auto block = MakeBlock({"x"});
    log_->Number(block.get());
    while (finished < round && !stuck) std::this_thread::yield();
    for (std::atomic<int> pause{round % 200}; pause > 0; --pause) {
    }
    log_->Append(std::move(block), LogTail::Placement::kQueued);
    channel_->OnMessagesVisible();
    log_->tail().Trim(channel_->NeededFrom());
  }
  taker.join();
  EXPECT_FALSE(stuck);
}

}  // namespace
}  // namespace sluice
