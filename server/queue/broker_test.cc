// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// The queue as a whole, over the in-memory store: what is published is
// delivered, once per channel, and survives stopping and crashing.
#include "server/queue/broker.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "base/error.h"
#include "base/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/channel.h"
#include "server/queue/fake_subscriber.h"
#include "server/storage/memory_message_store.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::unique_ptr<RecordBlock> Block(const std::vector<std::string>& bodies) {
  size_t bytes = 0;
  for (const std::string& body : bodies) bytes += body.size();
  RecordBlockBuilder builder(static_cast<uint32_t>(bodies.size()), bytes,
                             /*with_attributes=*/false);
  for (const std::string& body : bodies) builder.Add(body);
  return std::move(builder).Build(absl::FromUnixSeconds(1));
}

class BrokerTest : public testing::Test {
 protected:
  BrokerTest() { Open(); }
  ~BrokerTest() override { Close(); }

  void Open() {
    auto broker = Broker::Open(options_, store_, clock_);
    ASSERT_TRUE(broker.ok()) << broker.status();
    broker_ = *std::move(broker);
  }
  void Close() {
    subscriptions_.clear();
    broker_.reset();
  }
  void StopAndReopen() {
    subscriptions_.clear();
    ASSERT_TRUE(broker_->Stop().ok());
    Close();
    Open();
  }

  absl::StatusOr<PublishOutcome> Publish(
      const std::string& topic, const std::vector<std::string>& bodies,
      Durability wish = Durability::kUnspecified) {
    auto found = broker_->TopicForPublish(topic);
    if (!found.ok()) return found.status();
    absl::StatusOr<PublishOutcome> outcome;
    absl::Notification done;
    broker_->Publish(*found, Block(bodies), wish,
                     [&](absl::StatusOr<PublishOutcome> result) {
                       outcome = std::move(result);
                       done.Notify();
                     });
    done.WaitForNotification();
    return outcome;
  }

  Subscription& Subscribe(const std::string& topic, const std::string& channel,
                          uint32_t ready = 100,
                          StartPosition start = StartPosition::kUnspecified) {
    subscriber_ = std::make_shared<FakeSubscriber>();
    SubscriberSpec spec;
    spec.message_timeout = absl::Seconds(60);
    auto subscription =
        broker_->Subscribe(topic, channel, start, spec, subscriber_);
    EXPECT_TRUE(subscription.ok()) << subscription.status();
    (*subscription)->SetReady(ready, 0);
    subscriptions_.push_back(*std::move(subscription));
    return *subscriptions_.back();
  }

  // Takes until something comes: a backlog read may be under way.
  std::vector<TakenMessage> TakeSome(Subscription& subscription) {
    while (true) {
      const int calls = subscriber_->ready_calls();
      std::vector<TakenMessage> messages = TakeAll(subscription);
      if (!messages.empty()) return messages;
      if (!subscriber_->WaitForReadyCalls(calls + 1)) return messages;
    }
  }

  absl::Status CreateTopic(const std::string& topic) {
    return Await([&](auto done) {
      broker_->CreateTopic(topic, TopicConfig(),
                           [done](const auto& info) { done(info.status()); });
    });
  }
  absl::Status CreateChannel(const std::string& topic,
                             const std::string& channel) {
    return Await([&](auto done) {
      broker_->CreateChannel(topic, channel, ChannelConfig(),
                             StartPosition::kUnspecified,
                             [done](const auto& info) { done(info.status()); });
    });
  }

  template <typename Call>
  absl::Status Await(Call call) {
    absl::Status status;
    absl::Notification done;
    call([&](absl::Status result) {
      status = std::move(result);
      done.Notify();
    });
    done.WaitForNotification();
    return status;
  }

  std::vector<std::string> Bodies(const std::vector<TakenMessage>& messages) {
    std::vector<std::string> bodies;
    for (const TakenMessage& message : messages) bodies.push_back(message.body);
    return bodies;
  }

  TopicStats StatsOf(const std::string& topic) {
    auto stats = broker_->GetStats(topic, "", true);
    EXPECT_TRUE(stats.ok()) << stats.status();
    return stats->front();
  }

  BrokerOptions options_;
  FakeClock clock_;
  MemoryMessageStore store_;
  std::unique_ptr<Broker> broker_;
  std::shared_ptr<FakeSubscriber> subscriber_;
  std::vector<std::unique_ptr<Subscription>> subscriptions_;
};

TEST_F(BrokerTest, NumbersMessagesFromOneWithoutGaps) {
  const auto first = Publish("t", {"a", "b"});
  const auto second = Publish("t", {"c"});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->first_message_id, 1u);
  EXPECT_EQ(first->message_count, 2u);
  EXPECT_EQ(first->durability, Durability::kDisk);
  EXPECT_EQ(second->first_message_id, 3u);
}

TEST_F(BrokerTest, TheFirstChannelGetsWhatWaitedAndTheSecondOnlyWhatComes) {
  ASSERT_TRUE(Publish("t", {"a"}).ok());
  Subscription& first = Subscribe("t", "one");
  EXPECT_THAT(Bodies(TakeSome(first)), ElementsAre("a"));
  Subscription& second = Subscribe("t", "two");
  EXPECT_THAT(TakeAll(second), IsEmpty());
  ASSERT_TRUE(Publish("t", {"b"}).ok());
  EXPECT_THAT(Bodies(TakeSome(second)), ElementsAre("b"));
  EXPECT_THAT(Bodies(TakeAll(first)), ElementsAre("b"));
}

TEST_F(BrokerTest, AWaitingSubscriberIsWokenByAPublish) {
  Subscription& subscription = Subscribe("t", "c");
  EXPECT_THAT(TakeAll(subscription), IsEmpty());
  EXPECT_EQ(subscriber_->ready_calls(), 0);
  ASSERT_TRUE(Publish("t", {"a"}).ok());
  EXPECT_TRUE(subscriber_->WaitForReadyCalls(1));
}

TEST_F(BrokerTest, RdyIsALevel) {
  ASSERT_TRUE(Publish("t", {"a", "b", "c", "d"}).ok());
  Subscription& subscription = Subscribe("t", "c", 2);
  const auto taken = TakeSome(subscription);
  EXPECT_THAT(Bodies(taken), ElementsAre("a", "b"));
  EXPECT_THAT(TakeAll(subscription), IsEmpty());
  std::vector<DeliveryId> failed;
  subscription.Finish({taken[0].id}, &failed);
  EXPECT_THAT(failed, IsEmpty());
  EXPECT_THAT(Bodies(TakeAll(subscription)), ElementsAre("c"));
  subscription.SetReady(0, 0);
  subscription.Finish({taken[1].id}, &failed);
  EXPECT_THAT(TakeAll(subscription), IsEmpty());
}

TEST_F(BrokerTest, ALeaseThatRunsOutIsDeliveredAgain) {
  ASSERT_TRUE(Publish("t", {"a"}).ok());
  Subscription& subscription = Subscribe("t", "c");
  const auto first = TakeSome(subscription);
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_THAT(TakeAll(subscription), IsEmpty());
  clock_.Advance(absl::Seconds(61));
  // Nudges the deadline thread, which waits in real time.
  Subscribe("other", "c");
  ASSERT_TRUE(Publish("other", {"x"}).ok());
  const auto stats = StatsOf("t");
  EXPECT_EQ(stats.channels[0].in_flight_count + stats.channels[0].depth, 1u);
}

TEST_F(BrokerTest, FinIsRefusedForWhatIsNotHeld) {
  ASSERT_TRUE(Publish("t", {"a"}).ok());
  Subscription& one = Subscribe("t", "c");
  const auto taken = TakeSome(one);
  Subscription& two = Subscribe("t", "c");
  std::vector<DeliveryId> failed;
  two.Finish({taken[0].id}, &failed);
  EXPECT_THAT(failed, ElementsAre(taken[0].id));
  EXPECT_EQ(one.in_flight(), 1u);
}

TEST_F(BrokerTest, ALeavingSubscriberGivesItsMessagesBackAtOnce) {
  ASSERT_TRUE(Publish("t", {"a", "b"}).ok());
  Subscription& one = Subscribe("t", "c");
  EXPECT_THAT(TakeSome(one), SizeIs(2));
  subscriptions_.clear();
  Subscription& two = Subscribe("t", "c");
  const auto again = TakeSome(two);
  EXPECT_THAT(Bodies(again), ElementsAre("a", "b"));
  EXPECT_EQ(again[0].attempts, 2u);
}

TEST_F(BrokerTest, StateSurvivesACleanStop) {
  ASSERT_TRUE(Publish("t", {"a", "b", "c"}).ok());
  Subscription& subscription = Subscribe("t", "c");
  const auto taken = TakeSome(subscription);
  std::vector<DeliveryId> failed;
  subscription.Finish({taken[1].id}, &failed);
  StopAndReopen();
  const TopicStats stats = StatsOf("t");
  EXPECT_EQ(stats.channels[0].depth, 2u);
  Subscription& again = Subscribe("t", "c");
  EXPECT_THAT(Bodies(TakeSome(again)), ElementsAre("a", "c"));
  EXPECT_EQ(Publish("t", {"d"})->first_message_id, 4u);
}

TEST_F(BrokerTest, MemoryTopicsSurviveACleanStopAndKeepTheirOrder) {
  Close();
  options_.write_rules = {Durability::kMemory, 3};
  Open();
  EXPECT_EQ(Publish("t", {"a", "b"})->durability, Durability::kMemory);
  EXPECT_EQ(Publish("t", {"c", "d"})->durability, Durability::kOs);
  EXPECT_EQ(Publish("t", {"e"})->durability, Durability::kMemory);
  const TopicStats before = StatsOf("t");
  EXPECT_EQ(before.memory_depth, 3u);
  EXPECT_EQ(before.backlog_depth, 2u);
  StopAndReopen();
  Subscription& subscription = Subscribe("t", "c");
  std::vector<std::string> bodies;
  while (bodies.size() < 5) {
    for (const auto& message : TakeSome(subscription)) {
      bodies.push_back(message.body);
    }
  }
  EXPECT_THAT(bodies, ElementsAre("a", "b", "c", "d", "e"));
}

TEST_F(BrokerTest, ACrashTakesMemoryMessagesButNeverReusesTheirIds) {
  Close();
  options_.write_rules = {Durability::kMemory, 3};
  Open();
  ASSERT_TRUE(Publish("t", {"a", "b"}).ok());
  const auto overflow = Publish("t", {"c", "d"});
  ASSERT_TRUE(overflow.ok());
  Close();  // no Stop(): what only memory held is gone
  Open();
  EXPECT_EQ(StatsOf("t").depth, 2u);
  Subscription& subscription = Subscribe("t", "c");
  EXPECT_THAT(Bodies(TakeSome(subscription)), ElementsAre("c", "d"));
  EXPECT_GT(Publish("t", {"e"})->first_message_id,
            overflow->first_message_id + 1);
  EXPECT_THAT(Bodies(TakeSome(subscription)), ElementsAre("e"));
}

TEST_F(BrokerTest, AFailedCommitIsRefusedAndTheStoreStaysClosed) {
  ASSERT_TRUE(Publish("t", {"a"}).ok());
  store_.FailNextAppendForTest();
  const auto failed = Publish("t", {"b"});
  EXPECT_EQ(ErrorReason(failed.status()), "STORE_UNAVAILABLE");
  EXPECT_EQ(ErrorReason(Publish("t", {"c"}).status()), "STORE_UNAVAILABLE");
  Subscription& subscription = Subscribe("t", "c");
  EXPECT_THAT(Bodies(TakeSome(subscription)), ElementsAre("a"));
}

TEST_F(BrokerTest, APausedTopicKeepsBackWhatComesAfter) {
  Subscription& subscription = Subscribe("t", "c");
  ASSERT_TRUE(Publish("t", {"a"}).ok());
  absl::Notification paused;
  broker_->SetTopicPaused("t", true,
                          [&](absl::StatusOr<TopicInfo>) { paused.Notify(); });
  paused.WaitForNotification();
  ASSERT_TRUE(Publish("t", {"b"}).ok());
  EXPECT_THAT(Bodies(TakeSome(subscription)), ElementsAre("a"));
  EXPECT_THAT(TakeAll(subscription), IsEmpty());
  EXPECT_EQ(StatsOf("t").depth, 1u);
  StopAndReopen();
  EXPECT_EQ(StatsOf("t").depth, 1u);
  broker_->SetTopicPaused("t", false, [](absl::StatusOr<TopicInfo>) {});
  Subscription& again = Subscribe("t", "c");
  // "a" was never finished.
  std::vector<std::string> bodies = Bodies(TakeSome(again));
  if (bodies.size() < 2) bodies.push_back(TakeSome(again).at(0).body);
  EXPECT_THAT(bodies, ElementsAre("a", "b"));
}

TEST_F(BrokerTest, EmptyingAPausedTopicDropsWhatNoChannelHasSeen) {
  Subscription& subscription = Subscribe("t", "c");
  broker_->SetTopicPaused("t", true, [](absl::StatusOr<TopicInfo>) {});
  ASSERT_TRUE(Publish("t", {"a", "b"}).ok());
  EXPECT_EQ(StatsOf("t").depth, 2u);
  ASSERT_TRUE(Await([&](auto done) { broker_->EmptyTopic("t", done); }).ok());
  EXPECT_EQ(StatsOf("t").depth, 0u);
  broker_->SetTopicPaused("t", false, [](absl::StatusOr<TopicInfo>) {});
  ASSERT_TRUE(Publish("t", {"c"}).ok());
  EXPECT_THAT(Bodies(TakeSome(subscription)), ElementsAre("c"));
  EXPECT_EQ(StatsOf("t").channels[0].message_count, 1u);
}

TEST_F(BrokerTest, EmptyingAChannelVoidsItsLeases) {
  ASSERT_TRUE(Publish("t", {"a", "b"}).ok());
  Subscription& subscription = Subscribe("t", "c", 1);
  const auto taken = TakeSome(subscription);
  ASSERT_TRUE(
      Await([&](auto done) { broker_->EmptyChannel("t", "c", done); }).ok());
  std::vector<DeliveryId> failed;
  subscription.Finish({taken[0].id}, &failed);
  EXPECT_THAT(failed, SizeIs(1));
  const ChannelStats stats = StatsOf("t").channels[0];
  EXPECT_EQ(stats.dropped_count, 2u);
  EXPECT_EQ(stats.message_count, 2u);
  EXPECT_EQ(stats.depth, 0u);
}

TEST_F(BrokerTest, DeletingATopicEndsItsSubscribersAndStartsIdsAnew) {
  ASSERT_TRUE(Publish("t", {"a"}).ok());
  Subscribe("t", "c");
  ASSERT_TRUE(Await([&](auto done) { broker_->DeleteTopic("t", done); }).ok());
  EXPECT_EQ(ErrorReason(subscriber_->closed()), "TOPIC_NOT_FOUND");
  EXPECT_EQ(ErrorReason(broker_->GetTopic("t").status()), "TOPIC_NOT_FOUND");
  EXPECT_EQ(Publish("t", {"b"})->first_message_id, 1u);
  StopAndReopen();
  Subscription& subscription = Subscribe("t", "c");
  EXPECT_THAT(Bodies(TakeSome(subscription)), ElementsAre("b"));
}

TEST_F(BrokerTest, AnEphemeralChannelGoesWithItsLastSubscriber) {
  Subscribe("t", "c#ephemeral");
  EXPECT_THAT(*broker_->ListChannels("t"), SizeIs(1));
  subscriptions_.clear();
  EXPECT_THAT(*broker_->ListChannels("t"), IsEmpty());
}

TEST_F(BrokerTest, AnEphemeralTopicGoesWithItsLastChannel) {
  Subscribe("t#ephemeral", "c#ephemeral");
  ASSERT_TRUE(Publish("t#ephemeral", {"a"}).ok());
  EXPECT_THAT(broker_->ListTopics(), SizeIs(1));
  subscriptions_.clear();
  EXPECT_THAT(broker_->ListTopics(), IsEmpty());
  Subscribe("t#ephemeral", "c#ephemeral");
  EXPECT_THAT(TakeAll(*subscriptions_.back()), IsEmpty()) << "it is a new one";
}

TEST_F(BrokerTest, AnEphemeralTopicDropsItsOldestAndCountsIt) {
  Subscription& subscription = Subscribe("t#ephemeral", "c", 100000);
  std::vector<std::string> batch(1000, "x");
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(Publish("t#ephemeral", batch).ok());
  }
  uint64_t taken = 0;
  while (taken < Channel::kEphemeralWindow) {
    const auto messages = TakeAll(subscription);
    if (messages.empty()) break;
    taken += messages.size();
  }
  EXPECT_EQ(taken, 10000u);
  EXPECT_EQ(StatsOf("t#ephemeral").channels[0].dropped_count, 2000u);
}

TEST_F(BrokerTest, WhatIsThereAndNotOnDiskIsNoSuccess) {
  using Crash = MemoryMessageStore::Crash;
  ASSERT_TRUE(CreateTopic("t").ok());
  store_.FailNextAppendForTest();
  EXPECT_EQ(ErrorReason(CreateChannel("t", "c")), "STORE_UNAVAILABLE");
  EXPECT_EQ(ErrorReason(CreateChannel("t", "c")), "STORE_UNAVAILABLE")
      << "it is there, in memory";
  store_.CrashForTest(Crash::kProcessKill);  // the store is opened again
  store_.FailNextAppendForTest();
  EXPECT_EQ(ErrorReason(CreateTopic("u")), "STORE_UNAVAILABLE");
  store_.CrashForTest(Crash::kProcessKill);
  EXPECT_TRUE(CreateTopic("u").ok());
  EXPECT_TRUE(CreateChannel("t", "c").ok());
  Close();  // without Stop()
  store_.CrashForTest(Crash::kPowerLoss);
  Open();
  EXPECT_THAT(broker_->ListTopics(), SizeIs(2));
  EXPECT_THAT(*broker_->ListChannels("t"), SizeIs(1));
}

TEST_F(BrokerTest, CreatingWhatASubscriberMadePutsItOnStableStorage) {
  Subscribe("t", "c");  // written, and not fsynced for its sake
  ASSERT_TRUE(CreateChannel("t", "c").ok());
  Close();
  store_.CrashForTest(MemoryMessageStore::Crash::kPowerLoss);
  Open();
  ASSERT_TRUE(broker_->ListChannels("t").ok());
  EXPECT_THAT(*broker_->ListChannels("t"), SizeIs(1));
}

TEST_F(BrokerTest, ATopicIsBornWithItsChannels) {
  EXPECT_TRUE(broker_->WouldMake("orders"));
  ASSERT_TRUE(broker_
                  ->TopicForPublish("orders", {"mail", "archive",
                                               "tail#ephemeral", "no name"})
                  .ok());
  EXPECT_FALSE(broker_->WouldMake("orders"));
  ASSERT_TRUE(Publish("orders", {"a"}).ok());
  // Too late for one that is there.
  ASSERT_TRUE(broker_->TopicForPublish("orders", {"audit"}).ok());
  const TopicStats stats = StatsOf("orders");
  ASSERT_THAT(stats.channels, SizeIs(2));
  for (const ChannelStats& channel : stats.channels) {
    EXPECT_EQ(channel.depth, 1u) << channel.channel;
  }
  StopAndReopen();
  EXPECT_THAT(StatsOf("orders").channels, SizeIs(2));
}

TEST_F(BrokerTest, ARefusedPublishMakesNoChannelsEither) {
  options_.auto_create = false;
  StopAndReopen();
  EXPECT_FALSE(broker_->WouldMake("orders"));
  EXPECT_TRUE(broker_->IsUnknown("orders"));
  EXPECT_FALSE(broker_->IsUnknown("no name"));
  EXPECT_FALSE(broker_->TopicForPublish("orders", {"mail"}).ok());
  EXPECT_TRUE(broker_->IsUnknown("orders"));
}

TEST_F(BrokerTest, SaysWhenNamesComeAndGo) {
  const auto changes = std::make_shared<std::atomic<int>>(0);
  options_.names_changed = [changes] { ++*changes; };
  StopAndReopen();
  const auto changed = [&] { return changes->exchange(0) > 0; };
  EXPECT_FALSE(changed());
  ASSERT_TRUE(Publish("orders", {"a"}).ok());
  EXPECT_TRUE(changed());
  ASSERT_TRUE(Publish("orders", {"b"}).ok());
  EXPECT_FALSE(changed());
  Subscribe("orders", "mail");
  EXPECT_TRUE(changed());
  Subscribe("orders", "tail#ephemeral");
  EXPECT_TRUE(changed());
  subscriptions_.clear();  // the ephemeral channel goes with it
  EXPECT_TRUE(changed());
  EXPECT_TRUE(
      Await([&](auto done) { broker_->DeleteTopic("orders", done); }).ok());
  EXPECT_TRUE(changed());
}

}  // namespace
}  // namespace sluice
