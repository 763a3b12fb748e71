// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Opening a subscription: the terms, the order of commands, bad input.
#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

constexpr int64_t kFifteenMinutes = 15 * 60;
constexpr int64_t kYear = 365 * 86400;

class SubscribeOpenTest : public NodeTest {
 protected:
  v1::Open Good() { return OpenOf(topic(), "c"); }

  // Ends the stream before `opened`, and makes nothing.
  void ExpectRefused(const v1::Open& open, const std::string& reason,
                     const std::string& field) {
    SCOPED_TRACE(reason + " " + open.ShortDebugString());
    SubscriberSession session(client(), open);
    EXPECT_TRUE(IsInvalid(session.ExpectEnd(), reason, field));
    EXPECT_FALSE(client().TopicExists(topic()));
  }
};

TEST_F(SubscribeOpenTest, AnswersTheTermsThatApply) {
  v1::GetServerInfoResponse info;
  ASSERT_TRUE(IsOk(client().Call(v1::GetServerInfoRequest(), &info)));
  SubscriberSession session(client(), Good());
  const v1::Opened opened = session.ExpectOpened();
  EXPECT_EQ(opened.server_version(), info.server().version());
  EXPECT_EQ(opened.node_id(), info.server().node_id());
  EXPECT_FALSE(opened.subscription_id().empty());
  EXPECT_EQ(opened.message_timeout().seconds(), 60);
  EXPECT_EQ(opened.max_message_timeout().seconds(), kFifteenMinutes);
  EXPECT_EQ(opened.max_ready(), 2500);
  EXPECT_EQ(opened.max_message_bytes(), 1 << 20);
  EXPECT_EQ(opened.max_requeue_delay().seconds(), kYear);
}

TEST_F(SubscribeOpenTest, GivesEachSubscriptionItsOwnId) {
  SubscriberSession one(client(), Good());
  SubscriberSession two(client(), Good());
  EXPECT_NE(one.ExpectOpened().subscription_id(),
            two.ExpectOpened().subscription_id());
}

TEST_F(SubscribeOpenTest, MakesTopicAndChannel) {
  SubscriberSession session(client(), Good());
  session.ExpectOpened();
  EXPECT_TRUE(client().TopicExists(topic()));
  EXPECT_TRUE(client().ChannelExists(topic(), "c"));
}

TEST_F(SubscribeOpenTest, TakesMessageTimeoutsInTheirRange) {
  for (const int64_t seconds : {int64_t{1}, int64_t{5}, kFifteenMinutes}) {
    v1::Open open = Good();
    open.mutable_message_timeout()->set_seconds(seconds);
    SubscriberSession session(client(), open);
    EXPECT_EQ(session.ExpectOpened().message_timeout().seconds(), seconds);
  }
}

TEST_F(SubscribeOpenTest, RefusesMessageTimeoutsOutOfRange) {
  v1::Open open = Good();
  open.mutable_message_timeout()->set_nanos(999'999'999);
  ExpectRefused(open, "INVALID_DURATION", "message_timeout");
  open.mutable_message_timeout()->set_seconds(kFifteenMinutes);
  open.mutable_message_timeout()->set_nanos(1);
  ExpectRefused(open, "INVALID_DURATION", "message_timeout");
  open.mutable_message_timeout()->set_seconds(-5);
  open.mutable_message_timeout()->set_nanos(0);
  ExpectRefused(open, "INVALID_DURATION", "message_timeout");
  // Unset means the default; set to nothing does not.
  open.mutable_message_timeout()->set_seconds(0);
  ExpectRefused(open, "INVALID_DURATION", "message_timeout");
}

TEST_F(SubscribeOpenTest, RefusesBadNames) {
  v1::Open open = Good();
  open.set_channel("");
  ExpectRefused(open, "INVALID_NAME", "channel");
  open.set_channel("with space");
  ExpectRefused(open, "INVALID_NAME", "channel");
  open.set_channel("#ephemeral");
  ExpectRefused(open, "INVALID_NAME", "channel");
  open = Good();
  open.set_topic("");
  ExpectRefused(open, "INVALID_NAME", "topic");
  open.set_topic("a/b");
  ExpectRefused(open, "INVALID_NAME", "topic");
}

TEST_F(SubscribeOpenTest, RefusesASampleAboveAHundredPercent) {
  v1::Open open = Good();
  open.set_sample_percent(101);
  ExpectRefused(open, "INVALID_SAMPLE_PERCENT", "sample_percent");
}

TEST_F(SubscribeOpenTest, DeliversAllWhenTheSampleIsAHundredPercent) {
  client().PublishNumbers(topic(), 50);
  v1::Open open = OpenOf(topic(), "c", 100);
  open.set_sample_percent(100);
  SubscriberSession session(client(), open);
  EXPECT_EQ(session.ExpectDeliveries(50).size(), 50);
}

TEST_F(SubscribeOpenTest, RefusesAnUnknownStart) {
  v1::Open open = Good();
  open.set_start(static_cast<v1::StartPosition>(99));
  ExpectRefused(open, "INVALID_ENUM", "start");
}

TEST_F(SubscribeOpenTest, RefusesReadyAboveTheMaximumBeforeItIsOpen) {
  ExpectRefused(OpenOf(topic(), "c", 2501), "INVALID_READY", "ready");
}

TEST_F(SubscribeOpenTest, EndsAStreamWhoseReadyIsAboveTheMaximum) {
  client().PublishNumbers(topic(), 3);
  SubscriberSession session(client(), OpenOf(topic(), "c", 2500));
  session.ExpectDeliveries(3);
  session.Ready(2501);
  EXPECT_TRUE(IsInvalid(session.ExpectEnd(), "INVALID_READY", "ready.count"));
  // And gives back what it held.
  SubscriberSession next(client(), OpenOf(topic(), "c", 2500));
  EXPECT_EQ(next.ExpectDeliveries(3).size(), 3);
}

TEST_F(SubscribeOpenTest, WantsOpenFirst) {
  v1::SubscribeRequest ready;
  ready.mutable_ready()->set_count(1);
  v1::SubscribeRequest finish;
  finish.mutable_finish()->add_delivery_ids(1);
  v1::SubscribeRequest requeue;
  requeue.mutable_requeue()->add_delivery_ids(1);
  v1::SubscribeRequest touch;
  touch.mutable_touch()->add_delivery_ids(1);
  v1::SubscribeRequest close;
  close.mutable_close();
  for (const auto& first :
       {ready, finish, requeue, touch, close, v1::SubscribeRequest()}) {
    SubscriberSession session(client());
    session.Send(first);
    const Outcome outcome = session.ExpectEnd();
    EXPECT_EQ(outcome.code, absl::StatusCode::kInvalidArgument) << outcome;
    EXPECT_EQ(outcome.reason, "OUT_OF_ORDER");
    EXPECT_EQ(outcome.domain, "sluice");
    EXPECT_EQ(outcome.fields.size(), 1);
  }
}

TEST_F(SubscribeOpenTest, WantsOpenOnlyOnce) {
  SubscriberSession session(client(), Good());
  session.ExpectOpened();
  session.Open(Good());
  EXPECT_TRUE(IsInvalid(session.ExpectEnd(), "OUT_OF_ORDER", "open"));
}

TEST_F(SubscribeOpenTest, RefusesAnUnsetCommandLater) {
  SubscriberSession session(client(), Good());
  session.ExpectOpened();
  session.Send(v1::SubscribeRequest());
  EXPECT_TRUE(IsInvalid(session.ExpectEnd(), "OUT_OF_ORDER", "command"));
}

TEST_F(SubscribeOpenTest, ClosesAStreamThatOnlyHalfCloses) {
  SubscriberSession session(client(), Good());
  session.HalfClose();
  session.ExpectOpened();
  session.ExpectClosed();
}

class LimitFlagsTest : public NodeTest {
 protected:
  LimitFlagsTest()
      : NodeTest({"--max-rdy-count=10", "--max-msg-size=100",
                  "--max-body-size=250", "--max-req-timeout=1h",
                  "--msg-timeout=20s", "--max-msg-timeout=40s"}) {}
};

TEST_F(LimitFlagsTest, AreWhatSubscribersAreTold) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  const v1::Opened opened = session.ExpectOpened();
  EXPECT_EQ(opened.message_timeout().seconds(), 20);
  EXPECT_EQ(opened.max_message_timeout().seconds(), 40);
  EXPECT_EQ(opened.max_ready(), 10);
  EXPECT_EQ(opened.max_message_bytes(), 100);
  EXPECT_EQ(opened.max_requeue_delay().seconds(), 3600);
  session.Ready(11);
  EXPECT_TRUE(IsInvalid(session.ExpectEnd(), "INVALID_READY", "ready.count"));
}

TEST_F(LimitFlagsTest, BoundMessagesBatchesAndTimeouts) {
  const std::string body(100, 'x');
  EXPECT_TRUE(IsOk(
      client().Call(PublishOf(topic(), {body, body, std::string(50, 'x')}))));
  EXPECT_TRUE(IsInvalid(client().Call(PublishOf(topic(), {body + "x"})),
                        "MESSAGE_TOO_LARGE", "messages[0].body"));
  EXPECT_TRUE(IsInvalid(
      client().Call(PublishOf(topic(), {body, body, std::string(51, 'x')})),
      "BATCH_TOO_LARGE", "messages"));
  v1::Open open = OpenOf(topic(), "c");
  open.mutable_message_timeout()->set_seconds(41);
  SubscriberSession session(client(), open);
  EXPECT_TRUE(
      IsInvalid(session.ExpectEnd(), "INVALID_DURATION", "message_timeout"));
}

class AutoCreateOffTest : public NodeTest {
 protected:
  AutoCreateOffTest() : NodeTest({"--auto-create=false"}) {}
};

TEST_F(AutoCreateOffTest, APublishNeedsTheTopic) {
  EXPECT_TRUE(
      IsTopicNotFound(client().Call(PublishOf(topic(), {"x"})), topic()));
  EXPECT_FALSE(client().TopicExists(topic()));
  client().CreateTopic(topic());
  EXPECT_EQ(client().PublishOne(topic(), "x"), 1);
}

TEST_F(AutoCreateOffTest, ASubscriptionNeedsTopicAndChannel) {
  {
    SubscriberSession session(client(), OpenOf(topic(), "c"));
    EXPECT_TRUE(IsTopicNotFound(session.ExpectEnd(), topic()));
  }
  client().CreateTopic(topic());
  {
    SubscriberSession session(client(), OpenOf(topic(), "c"));
    EXPECT_TRUE(IsChannelNotFound(session.ExpectEnd(), topic(), "c"));
  }
  EXPECT_FALSE(client().ChannelExists(topic(), "c"));
  client().CreateChannel(topic(), "c");
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  EXPECT_EQ(session.ExpectDelivery().body(), "x");
}

class MaxConsumersTest : public NodeTest {
 protected:
  MaxConsumersTest() : NodeTest({"--max-channel-consumers=2"}) {}
};

TEST_F(MaxConsumersTest, RefusesOneSubscriberTooMany) {
  SubscriberSession one(client(), OpenOf(topic(), "c"));
  SubscriberSession two(client(), OpenOf(topic(), "c"));
  one.ExpectOpened();
  two.ExpectOpened();
  {
    SubscriberSession three(client(), OpenOf(topic(), "c"));
    EXPECT_TRUE(IsRetryable(three.ExpectEnd(),
                            absl::StatusCode::kResourceExhausted,
                            "TOO_MANY_SUBSCRIBERS"));
  }
  // The limit is a channel's, and those who leave make room.
  SubscriberSession other(client(), OpenOf(topic(), "d"));
  other.ExpectOpened();
  two.HalfClose();
  two.ExpectClosed();
  SubscriberSession four(client(), OpenOf(topic(), "c"));
  four.ExpectOpened();
}

}  // namespace
}  // namespace sluice
