// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Delays, of publishes and of requeues, and sampling.
#include <cmath>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

using testing::ElementsAre;

class DeferralTest : public NodeTest {
 protected:
  // One batch; bodies are "0", "1", …; zero is no delay.
  void Publish(const std::vector<absl::Duration>& delays) {
    v1::PublishRequest request =
        PublishOf(topic(), Numbers(static_cast<int>(delays.size())));
    for (size_t i = 0; i < delays.size(); ++i) {
      if (delays[i] == absl::ZeroDuration()) continue;
      request.mutable_messages(static_cast<int>(i))
          ->mutable_delay()
          ->set_nanos(
              static_cast<int32_t>(absl::ToInt64Nanoseconds(delays[i])));
    }
    ASSERT_TRUE(IsOk(client().Call(request)));
  }
  static absl::Time PublishTime(const v1::Delivery& delivery) {
    return absl::FromUnixNanos(
        static_cast<int64_t>(delivery.publish_time_unix_nano()));
  }
  v1::SubscribeRequest RequeueOf(const v1::Delivery& delivery,
                                 absl::Duration delay) {
    v1::SubscribeRequest request;
    request.mutable_requeue()->add_delivery_ids(delivery.delivery_id());
    request.mutable_requeue()->mutable_delay()->set_nanos(
        static_cast<int32_t>(absl::ToInt64Nanoseconds(delay)));
    return request;
  }
  v1::ChannelStats Stats() { return client().ChannelStatsOf(topic(), "c"); }
};

TEST_F(DeferralTest, DeliversADelayedMessageNoEarlierThanItsTime) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  session.ExpectOpened();
  const absl::Duration delay = absl::Milliseconds(400);
  Publish({delay});
  const v1::Delivery delivery = session.ExpectDelivery();
  EXPECT_GE(absl::Now() - PublishTime(delivery), delay);
  EXPECT_EQ(delivery.attempts(), 1);
}

TEST_F(DeferralTest, DelaysEachMessageOfABatchByItself) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  Publish({absl::Milliseconds(600), absl::ZeroDuration(),
           absl::Milliseconds(300), absl::ZeroDuration()});
  EXPECT_THAT(BodiesOf(session.ExpectDeliveries(4)),
              ElementsAre("1", "3", "2", "0"));
}

TEST_F(DeferralTest, CountsTheDelayFromThePublishNotFromTheDelivery) {
  Publish({absl::Milliseconds(100)});
  absl::SleepFor(absl::Milliseconds(150));
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  session.ExpectOpened();
  EXPECT_EQ(session.ExpectDelivery().body(), "0");
}

TEST_F(DeferralTest, KeepsTheOrderOfPublishAmongEqualDelays) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 100));
  Publish(std::vector<absl::Duration>(50, absl::Milliseconds(200)));
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(50)), Numbers(50));
}

TEST_F(DeferralTest, CountsAndShowsWhatIsDeferred) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  Publish({absl::Milliseconds(900), absl::ZeroDuration()});
  session.ExpectDelivery();
  v1::ChannelStats stats = Stats();
  EXPECT_EQ(stats.deferred_count(), 1);
  EXPECT_EQ(stats.depth(), 0);
  EXPECT_EQ(stats.in_flight_count(), 1);
  EXPECT_EQ(stats.message_count(), 2);
  v1::PeekMessagesRequest peek;
  peek.set_topic(topic());
  peek.set_channel("c");
  peek.set_state(v1::MESSAGE_STATE_DEFERRED);
  v1::PeekMessagesResponse peeked;
  ASSERT_TRUE(IsOk(client().Call(peek, &peeked)));
  ASSERT_EQ(peeked.messages_size(), 1);
  EXPECT_EQ(peeked.messages(0).body(), "0");
  EXPECT_EQ(peeked.messages(0).state(), v1::MESSAGE_STATE_DEFERRED);
  session.ExpectDelivery();
  EXPECT_EQ(Stats().deferred_count(), 0);
}

TEST_F(DeferralTest, RequeuesWithADelay) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  const v1::Delivery first = session.ExpectDelivery();
  const absl::Time before = absl::Now();
  session.Send(RequeueOf(first, absl::Milliseconds(300)));
  const v1::Delivery second = session.ExpectDelivery();
  EXPECT_GE(absl::Now() - before, absl::Milliseconds(300));
  EXPECT_EQ(second.attempts(), 2);
  EXPECT_NE(second.delivery_id(), first.delivery_id());
  EXPECT_EQ(Stats().requeue_count(), 1);
}

TEST_F(DeferralTest, ADeferredMessageTakesNoRoomUnderReady) {
  client().PublishNumbers(topic(), 2);
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  session.Send(RequeueOf(session.ExpectDelivery(), absl::Milliseconds(900)));
  EXPECT_EQ(session.ExpectDelivery().body(), "1");
}

TEST_F(DeferralTest, ADelayOutlivesTheSubscriberThatAskedForIt) {
  client().PublishOne(topic(), "x");
  const absl::Time before = absl::Now();
  {
    SubscriberSession session(client(), OpenOf(topic(), "c", 1));
    session.Send(RequeueOf(session.ExpectDelivery(), absl::Milliseconds(400)));
    session.Close();
    session.ExpectClosed();
  }
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  EXPECT_EQ(session.ExpectDelivery().attempts(), 2);
  EXPECT_GE(absl::Now() - before, absl::Milliseconds(400));
}

TEST_F(DeferralTest, SamplesByChance) {
  client().PublishNumbers(topic(), 2000);
  v1::Open open = OpenOf(topic(), "c", 2500);
  open.set_sample_percent(25);
  open.set_auto_finish(true);
  SubscriberSession session(client(), open);
  const double sigma = std::sqrt(2000 * 0.25 * 0.75);
  session.ExpectDeliveries(static_cast<size_t>(500 - 6 * sigma));
  while (Stats().depth() > 0) absl::SleepFor(absl::Milliseconds(10));
  const v1::ChannelStats stats = Stats();
  EXPECT_NEAR(static_cast<double>(stats.finish_count()), 500, 6 * sigma);
  EXPECT_EQ(stats.finish_count() + stats.dropped_count(), 2000);
  EXPECT_EQ(stats.message_count(), 2000);
}

TEST_F(DeferralTest, ASampleIsOfOneChannelAndOfNewMessagesOnly) {
  client().CreateTopic(topic());
  client().CreateChannel(topic(), "all");
  client().CreateChannel(topic(), "c", v1::START_POSITION_EARLIEST);
  client().PublishNumbers(topic(), 200);
  v1::Open open = OpenOf(topic(), "c", 2500);
  open.set_sample_percent(50);
  SubscriberSession sampled(client(), open);
  EXPECT_TRUE(Eventually([&] { return Stats().depth() == 0; }));
  const uint64_t kept = Stats().in_flight_count();
  EXPECT_EQ(kept + Stats().dropped_count(), 200);
  const auto first = sampled.ExpectDeliveries(kept);
  // What it keeps it keeps, however often it comes.
  sampled.Requeue(IdsOf(first));
  const auto again = sampled.ExpectDeliveries(kept);
  EXPECT_THAT(BodiesOf(again),
              testing::UnorderedElementsAreArray(BodiesOf(first)));
  SubscriberSession all(client(), OpenOf(topic(), "all", 2500));
  EXPECT_EQ(BodiesOf(all.ExpectDeliveries(200)), Numbers(200));
}

TEST_F(DeferralTest, ASampleOfZeroIsAll) {
  client().PublishNumbers(topic(), 100);
  v1::Open open = OpenOf(topic(), "c", 2500);
  open.set_sample_percent(0);
  SubscriberSession session(client(), open);
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(100)), Numbers(100));
  EXPECT_EQ(Stats().dropped_count(), 0);
}

}  // namespace
}  // namespace sluice
