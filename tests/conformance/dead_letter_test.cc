// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// max_attempts and the dead-letter topic.
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

class DeadLetterTest : public NodeTest {
 protected:
  explicit DeadLetterTest(const std::vector<std::string>& flags = {})
      : NodeTest(flags) {}

  std::string DeadTopic() { return absl::StrCat(topic(), "-dead"); }
  // The channel "c" of the topic.
  void Allow(uint32_t attempts, const std::string& target) {
    v1::CreateTopicRequest create_topic;
    create_topic.set_topic(topic());
    ASSERT_TRUE(IsOk(client().Call(create_topic)));
    v1::CreateChannelRequest create;
    create.set_topic(topic());
    create.set_channel("c");
    create.mutable_config()->set_max_attempts(attempts);
    create.mutable_config()->set_dead_letter_topic(target);
    ASSERT_TRUE(IsOk(client().Call(create)));
  }
  v1::ChannelStats Stats() { return client().ChannelStatsOf(topic(), "c"); }
  void AwaitDead(uint64_t count) {
    const absl::Time deadline = absl::Now() + absl::Seconds(10);
    while (Stats().dead_letter_count() < count && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    EXPECT_EQ(Stats().dead_letter_count(), count);
    EXPECT_EQ(Stats().depth(), 0);
  }
};

TEST_F(DeadLetterTest, DeliversSoOftenAndThenToTheDeadLetterTopic) {
  Allow(3, DeadTopic());
  v1::PublishRequest publish = PublishOf(topic(), {"poison"});
  (*publish.mutable_messages(0)->mutable_attributes())["colour"] = "red";
  v1::PublishResponse published;
  ASSERT_TRUE(IsOk(client().Call(publish, &published)));
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  for (uint32_t attempt = 1; attempt <= 3; ++attempt) {
    const v1::Delivery delivery = session.ExpectDelivery();
    EXPECT_EQ(delivery.attempts(), attempt);
    session.Requeue({delivery.delivery_id()});
  }
  SubscriberSession dead(client(), OpenOf(DeadTopic(), "d", 1));
  const v1::Delivery letter = dead.ExpectDelivery();
  EXPECT_EQ(letter.body(), "poison");
  EXPECT_EQ(letter.attempts(), 1);
  const auto& attributes = letter.attributes();
  EXPECT_EQ(attributes.at("colour"), "red");
  EXPECT_EQ(attributes.at("sluice-dead-letter-topic"), topic());
  EXPECT_EQ(attributes.at("sluice-dead-letter-channel"), "c");
  EXPECT_EQ(attributes.at("sluice-dead-letter-message-id"),
            absl::StrCat(published.first_message_id()));
  EXPECT_EQ(attributes.at("sluice-dead-letter-attempts"), "3");
  session.ExpectNoDelivery();
  AwaitDead(1);
  EXPECT_EQ(Stats().message_count(), 1);
  EXPECT_EQ(Stats().requeue_count(), 3);
}

TEST_F(DeadLetterTest, WithoutATopicTheMessageIsFinishedAndCounted) {
  Allow(2, "");
  client().PublishNumbers(topic(), 5);
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  session.Requeue(IdsOf(session.ExpectDeliveries(5)));
  session.Requeue(IdsOf(session.ExpectDeliveries(5)));
  AwaitDead(5);
  session.ExpectNoDelivery();
}

TEST_F(DeadLetterTest, ASubscriberThatGoesEndsTheAttempt) {
  Allow(1, DeadTopic());
  client().PublishOne(topic(), "x");
  {
    SubscriberSession session(client(), OpenOf(topic(), "c", 1));
    session.ExpectDelivery();
  }
  SubscriberSession dead(client(), OpenOf(DeadTopic(), "d", 1));
  EXPECT_EQ(dead.ExpectDelivery().body(), "x");
}

TEST_F(DeadLetterTest, MoreThanOneWriteHoldsComesInFull) {
  Allow(1, DeadTopic());
  client().PublishNumbers(topic(), 500);
  SubscriberSession session(client(), OpenOf(topic(), "c", 1000));
  session.Requeue(IdsOf(session.ExpectDeliveries(500)));
  SubscriberSession dead(client(), OpenOf(DeadTopic(), "d", 1000));
  std::map<std::string, int> seen;
  for (const std::string& body : BodiesOf(dead.ExpectDeliveries(500))) {
    ++seen[body];
  }
  EXPECT_EQ(seen.size(), 500u);
  AwaitDead(500);
}

class NoAutoCreateDeadLetterTest : public DeadLetterTest {
 protected:
  NoAutoCreateDeadLetterTest() : DeadLetterTest({"--auto-create=false"}) {}
};

TEST_F(NoAutoCreateDeadLetterTest, TheTargetIsMadeAllTheSame) {
  Allow(1, DeadTopic());
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  session.Requeue({session.ExpectDelivery().delivery_id()});
  AwaitDead(1);
  EXPECT_TRUE(client().TopicExists(DeadTopic()));
  EXPECT_EQ(client().TopicStatsOf(DeadTopic()).depth(), 1);
}

}  // namespace
}  // namespace sluice
