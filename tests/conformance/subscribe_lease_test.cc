// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What a subscriber may hold, and what it can do with it: ready, finish,
// requeue, touch.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kFinish = v1::COMMAND_KIND_FINISH;
constexpr auto kRequeue = v1::COMMAND_KIND_REQUEUE;
constexpr auto kTouch = v1::COMMAND_KIND_TOUCH;
constexpr auto kDone = v1::COMMAND_OUTCOME_OK;
constexpr auto kNotInFlight = v1::COMMAND_OUTCOME_NOT_IN_FLIGHT;
// No delivery has this id: they are never handed out in such numbers.
constexpr uint64_t kNobodysId = 0xfedcba9876543210;

class SubscribeLeaseTest : public NodeTest {
 protected:
  v1::ChannelStats Stats() { return client().ChannelStatsOf(topic(), "c"); }

  v1::Open Confirming(uint32_t ready) {
    v1::Open open = OpenOf(topic(), "c", ready);
    open.set_confirm_commands(true);
    return open;
  }
};

TEST_F(SubscribeLeaseTest, DeliversNothingBeforeReady) {
  client().PublishNumbers(topic(), 3);
  SubscriberSession session(client(), OpenOf(topic(), "c"));
  session.ExpectOpened();
  session.ExpectNoDelivery();
  session.Ready(10);
  EXPECT_THAT(BodiesOf(session.ExpectDeliveries(3)),
              ElementsAre("0", "1", "2"));
}

TEST_F(SubscribeLeaseTest, NeverHoldsMoreThanReady) {
  client().PublishNumbers(topic(), 100);
  SubscriberSession session(client(), OpenOf(topic(), "c", 7));
  auto held = session.ExpectDeliveries(7);
  session.ExpectNoDelivery();
  EXPECT_EQ(Stats().in_flight_count(), 7);
  session.Finish(
      {held[1].delivery_id(), held[4].delivery_id(), held[6].delivery_id()});
  session.ExpectDeliveries(3);
  session.ExpectNoDelivery();
  EXPECT_EQ(Stats().in_flight_count(), 7);
  EXPECT_EQ(Stats().finish_count(), 3);
}

TEST_F(SubscribeLeaseTest, TakesReadyAsALevelAndNotAsACredit) {
  client().PublishNumbers(topic(), 20);
  SubscriberSession session(client(), OpenOf(topic(), "c", 2));
  session.ExpectDeliveries(2);
  session.Ready(2);
  session.Ready(2);
  session.ExpectNoDelivery();
  session.Ready(5);
  session.ExpectDeliveries(3);
  session.ExpectNoDelivery();
}

TEST_F(SubscribeLeaseTest, HoldsDeliveriesBackWhenReadyIsLowered) {
  client().PublishNumbers(topic(), 30);
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  const auto ids = IdsOf(session.ExpectDeliveries(10));
  session.Ready(4);
  session.Finish({ids[0], ids[1], ids[2], ids[3], ids[4], ids[5]});
  session.ExpectNoDelivery();
  EXPECT_EQ(Stats().in_flight_count(), 4);
  session.Finish({ids[6]});
  session.ExpectDeliveries(1);
  session.ExpectNoDelivery();
}

TEST_F(SubscribeLeaseTest, PausesAtReadyZeroAndGoesOn) {
  client().PublishNumbers(topic(), 10);
  SubscriberSession session(client(), OpenOf(topic(), "c", 3));
  const auto held = session.ExpectDeliveries(3);
  session.Ready(0);
  session.Finish(IdsOf(held));
  session.ExpectNoDelivery();
  EXPECT_EQ(Stats().in_flight_count(), 0);
  session.Ready(1);
  session.ExpectDeliveries(1);
  session.ExpectNoDelivery();
}

TEST_F(SubscribeLeaseTest, KeepsToItsBudgetOfBytes) {
  client().Publish(topic(),
                   std::vector<std::string>(20, std::string(1000, 'x')));
  SubscriberSession session(client(), OpenOf(topic(), "c"));
  session.Ready(100, 2500);
  // 0, 1000 and 2000 are below 2500; 3000 is not.
  const auto held = session.ExpectDeliveries(3);
  session.ExpectNoDelivery();
  session.Finish({held[0].delivery_id()});
  session.ExpectDeliveries(1);
  session.ExpectNoDelivery();
  session.Ready(100, 0);
  session.ExpectDeliveries(16);
}

TEST_F(SubscribeLeaseTest, LetsOneMessageOutWhateverTheBudgetOfBytes) {
  client().Publish(topic(),
                   std::vector<std::string>(3, std::string(1000, 'x')));
  SubscriberSession session(client(), OpenOf(topic(), "c"));
  session.Ready(100, 1);
  for (int i = 0; i < 3; ++i) {
    const auto delivery = session.ExpectDelivery();
    EXPECT_EQ(session.waiting_deliveries(), 0);
    session.ExpectNoDelivery(absl::Milliseconds(50));
    session.Finish({delivery.delivery_id()});
  }
}

TEST_F(SubscribeLeaseTest, ReportsOnlyFailuresUnlessAskedToConfirm) {
  client().PublishNumbers(topic(), 3);
  SubscriberSession session(client(), OpenOf(topic(), "c", 3));
  const auto ids = IdsOf(session.ExpectDeliveries(3));
  session.Touch({ids[0]});
  session.Finish({ids[0], kNobodysId, ids[1]});
  session.Requeue({ids[2]});
  session.ExpectDelivery();
  session.ExpectResult(kNobodysId, kFinish, kNotInFlight);
  EXPECT_EQ(session.waiting_results(), 0);
  EXPECT_EQ(Stats().finish_count(), 2);
  EXPECT_EQ(Stats().requeue_count(), 1);
}

TEST_F(SubscribeLeaseTest, ConfirmsEachCommandForEachDelivery) {
  client().PublishNumbers(topic(), 4);
  SubscriberSession session(client(), Confirming(4));
  const auto ids = IdsOf(session.ExpectDeliveries(4));
  session.Ready(0);
  session.Touch({ids[0], ids[1]});
  session.Finish({ids[0], ids[2]});
  session.Requeue({ids[1], ids[3]});
  // In any order within a command; the commands are applied in turn.
  std::vector<std::pair<uint64_t, v1::CommandKind>> got;
  for (const auto& result : session.ExpectResults(6)) {
    EXPECT_EQ(result.outcome(), kDone);
    got.emplace_back(result.delivery_id(), result.kind());
  }
  using Pair = std::pair<uint64_t, v1::CommandKind>;
  EXPECT_THAT(got, testing::UnorderedElementsAre(
                       Pair(ids[0], kTouch), Pair(ids[1], kTouch),
                       Pair(ids[0], kFinish), Pair(ids[2], kFinish),
                       Pair(ids[1], kRequeue), Pair(ids[3], kRequeue)));
}

TEST_F(SubscribeLeaseTest, AnswersNotInFlightForWhatNobodyHolds) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), Confirming(1));
  const uint64_t id = session.ExpectDelivery().delivery_id();
  for (const uint64_t unknown : {kNobodysId, uint64_t{0}, id + 1}) {
    session.Finish({unknown});
    session.ExpectResult(unknown, kFinish, kNotInFlight);
    session.Requeue({unknown});
    session.ExpectResult(unknown, kRequeue, kNotInFlight);
    session.Touch({unknown});
    session.ExpectResult(unknown, kTouch, kNotInFlight);
  }
  EXPECT_EQ(Stats().in_flight_count(), 1);
  session.Finish({id});
  session.ExpectResult(id, kFinish, kDone);
  EXPECT_FALSE(session.ended());
}

TEST_F(SubscribeLeaseTest, FinishesADeliveryOnce) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), Confirming(1));
  const uint64_t id = session.ExpectDelivery().delivery_id();
  session.Finish({id});
  session.ExpectResult(id, kFinish, kDone);
  session.Finish({id});
  session.ExpectResult(id, kFinish, kNotInFlight);
  session.Requeue({id});
  session.ExpectResult(id, kRequeue, kNotInFlight);
  session.Touch({id});
  session.ExpectResult(id, kTouch, kNotInFlight);
  EXPECT_EQ(Stats().finish_count(), 1);
  EXPECT_EQ(Stats().requeue_count(), 0);
}

TEST_F(SubscribeLeaseTest, FinishesADeliveryOnceWithinOneCommand) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), Confirming(1));
  const uint64_t id = session.ExpectDelivery().delivery_id();
  session.Finish({id, id});
  session.ExpectResults(2);
  EXPECT_EQ(Stats().finish_count(), 1);
}

TEST_F(SubscribeLeaseTest, GoesOnAfterCommandsThatNameNothing) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), Confirming(1));
  const uint64_t id = session.ExpectDelivery().delivery_id();
  session.Finish({});
  session.Requeue({});
  session.Touch({});
  session.Finish({id});
  session.ExpectResult(id, kFinish, kDone);
}

TEST_F(SubscribeLeaseTest, DoesNotTouchWhatAnotherStreamHolds) {
  client().PublishOne(topic(), "x");
  SubscriberSession holder(client(), Confirming(1));
  const uint64_t id = holder.ExpectDelivery().delivery_id();
  SubscriberSession other(client(), Confirming(1));
  other.ExpectOpened();
  other.Finish({id});
  other.ExpectResult(id, kFinish, kNotInFlight);
  other.Requeue({id});
  other.ExpectResult(id, kRequeue, kNotInFlight);
  other.Touch({id});
  other.ExpectResult(id, kTouch, kNotInFlight);
  EXPECT_EQ(Stats().in_flight_count(), 1);
  holder.Finish({id});
  holder.ExpectResult(id, kFinish, kDone);
  EXPECT_EQ(Stats().finish_count(), 1);
  EXPECT_EQ(Stats().requeue_count(), 0);
}

TEST_F(SubscribeLeaseTest, DoesNotTouchWhatAnotherChannelHolds) {
  client().PublishOne(topic(), "x");
  SubscriberSession holder(client(), Confirming(1));
  const uint64_t id = holder.ExpectDelivery().delivery_id();
  v1::Open elsewhere = Confirming(1);
  elsewhere.set_channel("d");
  SubscriberSession other(client(), elsewhere);
  other.ExpectOpened();
  other.Finish({id});
  other.ExpectResult(id, kFinish, kNotInFlight);
  EXPECT_EQ(Stats().in_flight_count(), 1);
}

TEST_F(SubscribeLeaseTest, DeliversARequeuedMessageAgain) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), Confirming(1));
  v1::Delivery last = session.ExpectDelivery();
  for (uint32_t attempts = 2; attempts < 6; ++attempts) {
    session.Requeue({last.delivery_id()});
    session.ExpectResult(last.delivery_id(), kRequeue, kDone);
    const v1::Delivery again = session.ExpectDelivery();
    EXPECT_EQ(again.attempts(), attempts);
    EXPECT_EQ(again.message_id(), last.message_id());
    EXPECT_EQ(again.publish_time_unix_nano(), last.publish_time_unix_nano());
    EXPECT_EQ(again.body(), "x");
    EXPECT_NE(again.delivery_id(), last.delivery_id());
    last = again;
  }
  EXPECT_EQ(Stats().requeue_count(), 4);
  EXPECT_EQ(Stats().message_count(), 1);
}

TEST_F(SubscribeLeaseTest, IgnoresWhatComesForAnEarlierAttempt) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), Confirming(1));
  const uint64_t first = session.ExpectDelivery().delivery_id();
  session.Requeue({first});
  session.ExpectResult(first, kRequeue, kDone);
  const uint64_t second = session.ExpectDelivery().delivery_id();
  session.Finish({first});
  session.ExpectResult(first, kFinish, kNotInFlight);
  session.Requeue({first});
  session.ExpectResult(first, kRequeue, kNotInFlight);
  EXPECT_EQ(Stats().in_flight_count(), 1);
  session.Finish({second});
  session.ExpectResult(second, kFinish, kDone);
}

TEST_F(SubscribeLeaseTest, CountsNoAttemptForARequeueThatKeepsThem) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  for (int i = 0; i < 3; ++i) {
    const v1::Delivery delivery = session.ExpectDelivery();
    EXPECT_EQ(delivery.attempts(), 1);
    session.Requeue({delivery.delivery_id()}, /*keep_attempts=*/true);
  }
  const v1::Delivery counted = session.ExpectDelivery();
  EXPECT_EQ(counted.attempts(), 1);
  session.Requeue({counted.delivery_id()});
  EXPECT_EQ(session.ExpectDelivery().attempts(), 2);
}

TEST_F(SubscribeLeaseTest, TakesANegativeDelayAsNone) {
  client().PublishOne(topic(), "x");
  SubscriberSession session(client(), Confirming(1));
  v1::SubscribeRequest request;
  request.mutable_requeue()->add_delivery_ids(
      session.ExpectDelivery().delivery_id());
  request.mutable_requeue()->mutable_delay()->set_seconds(-10);
  session.Send(request);
  EXPECT_EQ(session.ExpectResults(1).at(0).outcome(), kDone);
  EXPECT_EQ(session.ExpectDelivery().attempts(), 2);
}

TEST_F(SubscribeLeaseTest, CountsWhatEachClientDoes) {
  client().PublishNumbers(topic(), 10);
  v1::Open open = Confirming(4);
  open.set_client_id("worker-7");
  open.set_user_agent("conformance/1.0");
  SubscriberSession session(client(), open);
  const auto ids = IdsOf(session.ExpectDeliveries(4));
  session.Finish({ids[0], ids[1]});
  session.Requeue({ids[2]});
  session.ExpectResults(3);
  session.ExpectDeliveries(3);

  EXPECT_THAT(Stats().clients(), IsEmpty());
  const auto stats = client().ChannelStatsOf(topic(), "c", true);
  ASSERT_EQ(stats.clients_size(), 1);
  EXPECT_EQ(stats.client_count(), 1);
  const v1::ClientStats& of_client = stats.clients(0);
  EXPECT_EQ(of_client.client_id(), "worker-7");
  EXPECT_EQ(of_client.user_agent(), "conformance/1.0");
  EXPECT_THAT(of_client.peer(), testing::HasSubstr("127.0.0.1"));
  EXPECT_EQ(of_client.ready_count(), 4);
  EXPECT_EQ(of_client.in_flight_count(), 4);
  EXPECT_EQ(of_client.message_count(), 7);
  EXPECT_EQ(of_client.finish_count(), 2);
  EXPECT_EQ(of_client.requeue_count(), 1);
  EXPECT_GT(of_client.connect_time().seconds(), 0);
  EXPECT_EQ(of_client.subscription_id(),
            session.ExpectOpened().subscription_id());
}

}  // namespace
}  // namespace sluice
