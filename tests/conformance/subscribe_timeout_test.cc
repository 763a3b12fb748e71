// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Leases that run out, and those that are renewed. The shortest lease there is
// lasts a second, so these tests wait; each looks at several things at once.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

constexpr auto kNotInFlight = v1::COMMAND_OUTCOME_NOT_IN_FLIGHT;

class SubscribeTimeoutTest : public NodeTest {
 protected:
  SubscribeTimeoutTest()
      : NodeTest({"--msg-timeout=1s", "--max-msg-timeout=3s"}) {}
};

TEST_F(SubscribeTimeoutTest, AMessageComesAgainWhenItsLeaseRanOut) {
  client().PublishNumbers(topic(), 2);
  SubscriberSession slow(client(), OpenOf(topic(), "c", 1));
  EXPECT_EQ(slow.ExpectOpened().message_timeout().seconds(), 1);
  EXPECT_EQ(slow.ExpectOpened().max_message_timeout().seconds(), 3);
  const v1::Delivery first = slow.ExpectDelivery();
  const absl::Time received = absl::Now();
  slow.Ready(0);
  SubscriberSession other(client(), OpenOf(topic(), "c", 10));
  const v1::Delivery second = other.ExpectDelivery();
  EXPECT_EQ(second.body(), "1");
  other.Finish({second.delivery_id()});

  const v1::Delivery again = other.ExpectDelivery();
  EXPECT_GE(absl::Now() - received, absl::Milliseconds(500));
  EXPECT_EQ(again.message_id(), first.message_id());
  EXPECT_EQ(again.body(), "0");
  EXPECT_EQ(again.attempts(), 2);
  EXPECT_NE(again.delivery_id(), first.delivery_id());

  // Too late, and the new lease is not hurt.
  slow.Finish({first.delivery_id()});
  slow.ExpectResult(first.delivery_id(), v1::COMMAND_KIND_FINISH, kNotInFlight);
  const v1::ChannelStats stats = client().ChannelStatsOf(topic(), "c");
  EXPECT_EQ(stats.finish_count(), 1);
  EXPECT_GE(stats.timeout_count(), 1);
  EXPECT_FALSE(slow.ended());
}

TEST_F(SubscribeTimeoutTest, AnExpiredLeaseMakesRoomUnderReady) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  EXPECT_EQ(session.ExpectDelivery().attempts(), 1);
  const v1::Delivery again = session.ExpectDelivery();
  EXPECT_EQ(again.attempts(), 2);
  EXPECT_EQ(client().ChannelStatsOf(topic(), "c").in_flight_count(), 1);
}

TEST_F(SubscribeTimeoutTest, ATouchRenewsALeaseUpToTheMaximum) {
  client().PublishNumbers(topic(), 2);
  SubscriberSession session(client(), OpenOf(topic(), "c", 2));
  const auto held = session.ExpectDeliveries(2);
  const absl::Time received = absl::Now();
  const uint64_t finished = held[0].delivery_id();
  const uint64_t kept = held[1].delivery_id();
  // Twice as long as an untouched lease lasts.
  while (absl::Now() - received < absl::Seconds(2)) {
    session.Touch({finished, kept});
    absl::SleepFor(absl::Milliseconds(200));
  }
  EXPECT_EQ(session.waiting_deliveries(), 0);
  EXPECT_EQ(session.waiting_results(), 0);
  session.Finish({finished});
  // Touching on and on, the other one is taken away all the same.
  while (session.waiting_deliveries() == 0 &&
         absl::Now() - received < kPatience) {
    session.Touch({kept});
    absl::SleepFor(absl::Milliseconds(200));
  }
  const v1::Delivery again = session.ExpectDelivery();
  EXPECT_GE(absl::Now() - received, absl::Milliseconds(2500));
  EXPECT_EQ(again.message_id(), held[1].message_id());
  EXPECT_EQ(again.attempts(), 2);
  session.Touch({kept});
  EXPECT_EQ(session.ExpectResults(1).at(0).outcome(), kNotInFlight);
  EXPECT_EQ(client().ChannelStatsOf(topic(), "c").finish_count(), 1);
}

TEST_F(SubscribeTimeoutTest, ASubscriptionMayHaveATimeoutOfItsOwn) {
  client().PublishOne(topic(), "x");
  v1::Open open = OpenOf(topic(), "c", 1);
  open.mutable_message_timeout()->set_seconds(3);
  SubscriberSession session(client(), open);
  const v1::Delivery delivery = session.ExpectDelivery();
  session.ExpectNoDelivery(absl::Milliseconds(1800));
  EXPECT_EQ(session.ExpectDelivery().attempts(), 2);
  EXPECT_EQ(client().ChannelStatsOf(topic(), "c").timeout_count(), 1);
}

}  // namespace
}  // namespace sluice
