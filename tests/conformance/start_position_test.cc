// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Where a new channel starts. Each rule holds for channels made by a
// subscription and for those made by an administrator.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

enum class MadeBy { kSubscription, kAdministrator };

class StartPositionTest : public NodeTest,
                          public testing::WithParamInterface<MadeBy> {
 protected:
  // A subscription to a channel that is new.
  v1::Open New(const std::string& channel,
               v1::StartPosition start = v1::START_POSITION_UNSPECIFIED) {
    v1::Open open = OpenOf(topic(), channel, 1000);
    if (GetParam() == MadeBy::kAdministrator) {
      client().CreateChannel(topic(), channel, start);
    } else {
      open.set_start(start);
    }
    return open;
  }

  // The next message is this one, published now.
  void ExpectOnlyNews(SubscriberSession& session) {
    session.ExpectOpened();
    client().PublishOne(topic(), "news");
    EXPECT_EQ(session.ExpectDelivery().body(), "news");
    session.ExpectNoDelivery(absl::Milliseconds(50));
  }
};

INSTANTIATE_TEST_SUITE_P(, StartPositionTest,
                         testing::Values(MadeBy::kSubscription,
                                         MadeBy::kAdministrator),
                         [](const auto& made_by) {
                           return made_by.param == MadeBy::kSubscription
                                      ? "Subscription"
                                      : "Administrator";
                         });

TEST_P(StartPositionTest, TheFirstLastingChannelGetsWhatWaited) {
  client().PublishNumbers(topic(), 5);
  EXPECT_EQ(client().TopicStatsOf(topic()).depth(), 5);
  SubscriberSession session(client(), New("c"));
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(5)), Numbers(5));
  EXPECT_EQ(client().TopicStatsOf(topic()).depth(), 0);
}

TEST_P(StartPositionTest, LaterChannelsStartAtTheEnd) {
  client().PublishNumbers(topic(), 5);
  client().CreateChannel(topic(), "first");
  SubscriberSession session(client(), New("second"));
  ExpectOnlyNews(session);
  EXPECT_EQ(client().ChannelStatsOf(topic(), "first").depth(), 6);
  EXPECT_EQ(client().ChannelStatsOf(topic(), "second").message_count(), 1);
}

TEST_P(StartPositionTest, EarliestStartsAtTheOldestKeptMessage) {
  client().PublishNumbers(topic(), 5);
  client().CreateChannel(topic(), "first");
  SubscriberSession session(client(),
                            New("second", v1::START_POSITION_EARLIEST));
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(5)), Numbers(5));
  EXPECT_EQ(client().ChannelStatsOf(topic(), "first").depth(), 5);
}

TEST_P(StartPositionTest, LatestOnTheFirstLastingChannelDropsWhatWaited) {
  client().PublishNumbers(topic(), 5);
  SubscriberSession session(client(), New("c", v1::START_POSITION_LATEST));
  ExpectOnlyNews(session);
  const v1::TopicStats stats = client().TopicStatsOf(topic());
  EXPECT_EQ(stats.depth(), 0);
  EXPECT_EQ(stats.memory_depth() + stats.backlog_depth(), 1);
  EXPECT_EQ(stats.channels(0).message_count(), 1);
}

TEST_P(StartPositionTest, AnExistingChannelIgnoresTheStart) {
  client().PublishNumbers(topic(), 5);
  client().CreateChannel(topic(), "c");
  SubscriberSession session(client(), New("c", v1::START_POSITION_LATEST));
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(5)), Numbers(5));
}

TEST_P(StartPositionTest, MessagesWaitAgainWhenTheLastChannelIsGone) {
  client().PublishNumbers(topic(), 2);
  client().CreateChannel(topic(), "old");
  ASSERT_TRUE(
      IsOk(client().Call(OnChannel<v1::DeleteChannelRequest>(topic(), "old"))));
  client().PublishNumbers(topic(), 3, 10);
  EXPECT_GE(client().TopicStatsOf(topic()).depth(), 3);
  SubscriberSession session(client(), New("new"));
  const std::vector<std::string> bodies = BodiesOf(session.ExpectDeliveries(3));
  EXPECT_THAT(bodies, testing::Contains("10"));
}

// Subscriptions alone make ephemeral channels that last.
class EphemeralStartTest : public NodeTest {};

TEST_F(EphemeralStartTest, AnEphemeralChannelNeitherStealsNorLoses) {
  client().PublishNumbers(topic(), 5);
  SubscriberSession tail(client(), OpenOf(topic(), "tail#ephemeral", 1000));
  tail.ExpectOpened();
  tail.ExpectNoDelivery();
  client().PublishNumbers(topic(), 5, 5);
  EXPECT_EQ(BodiesOf(tail.ExpectDeliveries(5)), Numbers(5, 5));
  EXPECT_EQ(client().TopicStatsOf(topic()).depth(), 10);
  SubscriberSession lasting(client(), OpenOf(topic(), "c", 1000));
  EXPECT_EQ(BodiesOf(lasting.ExpectDeliveries(10)), Numbers(10));
}

TEST_F(EphemeralStartTest, AnEphemeralChannelMayStartAtTheOldest) {
  client().PublishNumbers(topic(), 5);
  v1::Open open = OpenOf(topic(), "tail#ephemeral", 1000);
  open.set_start(v1::START_POSITION_EARLIEST);
  SubscriberSession tail(client(), open);
  EXPECT_EQ(BodiesOf(tail.ExpectDeliveries(5)), Numbers(5));
  EXPECT_EQ(client().TopicStatsOf(topic()).depth(), 5);
}

}  // namespace
}  // namespace sluice
