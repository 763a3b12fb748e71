// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What is special about topics and channels that end in #ephemeral. When they
// come and go: subscribe_share_test; where they start: start_position_test;
// what a stop leaves of them: restart_test.
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

// How far an ephemeral channel or topic may be behind.
constexpr int kWindow = 10'000;
constexpr int kTooMany = 500;

class EphemeralTest : public NodeTest {
 protected:
  std::string EphemeralTopic() { return topic().substr(0, 40) + "#ephemeral"; }
  void PublishMany(const std::string& name, int count) {
    for (int i = 0; i < count; i += 500) client().PublishNumbers(name, 500, i);
  }
};

TEST_F(EphemeralTest, AChannelThatFallsBehindLosesItsOldestAndCountsThem) {
  client().CreateTopic(topic());
  client().CreateChannel(topic(), "lasting");
  SubscriberSession session(client(), OpenOf(topic(), "slow#ephemeral"));
  session.ExpectOpened();
  PublishMany(topic(), kWindow + kTooMany);
  session.Ready(1);
  EXPECT_EQ(session.ExpectDelivery().body(), std::to_string(kTooMany));
  const v1::ChannelStats stats =
      client().ChannelStatsOf(topic(), "slow#ephemeral");
  EXPECT_EQ(stats.dropped_count(), kTooMany);
  EXPECT_EQ(stats.depth() + stats.in_flight_count(), kWindow);
  EXPECT_EQ(stats.message_count(), kWindow + kTooMany);
  // Nobody else loses anything.
  EXPECT_EQ(client().ChannelStatsOf(topic(), "lasting").depth(),
            kWindow + kTooMany);
}

TEST_F(EphemeralTest, ATopicThatNobodyConsumesLosesItsOldestAndKeepsTheRest) {
  PublishMany(EphemeralTopic(), kWindow + kTooMany);
  SubscriberSession session(client(), OpenOf(EphemeralTopic(), "c", 1));
  EXPECT_EQ(session.ExpectDelivery().body(), std::to_string(kTooMany));
}

TEST_F(EphemeralTest, ATopicIsInMemoryWhateverIsWished) {
  v1::PublishRequest request = PublishOf(EphemeralTopic(), {"x"});
  request.set_durability(v1::DURABILITY_DISK);
  v1::PublishResponse response;
  ASSERT_TRUE(IsOk(client().Call(request, &response)));
  EXPECT_EQ(response.durability(), v1::DURABILITY_MEMORY);
  EXPECT_EQ(client().TopicStatsOf(EphemeralTopic()).backlog_depth(), 0);
}

TEST_F(EphemeralTest, ARequeuedMessageComesAgainAsOnAnyChannel) {
  SubscriberSession session(client(), OpenOf(topic(), "c#ephemeral", 1));
  session.ExpectOpened();
  client().PublishOne(topic(), "x");
  const v1::Delivery first = session.ExpectDelivery();
  session.Requeue({first.delivery_id()});
  const v1::Delivery second = session.ExpectDelivery();
  EXPECT_EQ(second.attempts(), 2);
  session.Finish({second.delivery_id()});
  EXPECT_TRUE(Eventually([this] {
    return client().ChannelStatsOf(topic(), "c#ephemeral").finish_count() == 1;
  }));
}

}  // namespace
}  // namespace sluice
