// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// SubscriberService over a real broker and a real connection.
#include <cstdint>
#include <vector>

#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "server/rpc/rpc_fixture.h"

namespace sluice {
namespace {

using SubscribingTest = RpcFixture;

TEST_F(SubscribingTest, DeliversUpToReadyAndGoesOnAfterFinish) {
  PublishMessages("orders", 5);
  Subscriber subscriber(*subscriber_);
  subscriber.Open();
  subscriber.Send(ReadyCommand(2));
  std::vector<v1::Delivery> first = subscriber.Deliveries(2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].message_id(), 1u);
  EXPECT_EQ(first[0].body(), "message 0");
  EXPECT_EQ(first[0].attempts(), 1u);
  EXPECT_EQ(StatsOf("orders", "mail").in_flight_count(), 2u);
  subscriber.Send(FinishCommand(first[0].delivery_id()));
  EXPECT_EQ(subscriber.Deliveries(1)[0].message_id(), 3u);
}

TEST_F(SubscribingTest, DeliversWhatIsPublishedWhileItWaits) {
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(10);
  subscriber.Open(open);
  for (int i = 0; i < 20; ++i) {
    PublishMessages("orders", 1);
    const auto deliveries = subscriber.Deliveries(1);
    ASSERT_EQ(deliveries.size(), 1u);
    subscriber.Send(FinishCommand(deliveries[0].delivery_id()));
  }
  subscriber.Send(CloseCommand());
  EXPECT_TRUE(subscriber.Next().has_closed());
  EXPECT_TRUE(subscriber.End().ok());
  EXPECT_EQ(StatsOf("orders", "mail").finish_count(), 20u);
}

TEST_F(SubscribingTest, OpenedTellsTheTerms) {
  Subscriber subscriber(*subscriber_);
  subscriber.Send(OpenCommand());
  const v1::Opened opened = subscriber.Next().opened();
  EXPECT_EQ(opened.node_id(), "node-1");
  EXPECT_EQ(opened.message_timeout().seconds(), 60);
  EXPECT_EQ(opened.max_ready(), 2500u);
  EXPECT_FALSE(opened.subscription_id().empty());
}

TEST_F(SubscribingTest, TheFirstCommandMustBeOpenAndNoLaterOne) {
  {
    Subscriber subscriber(*subscriber_);
    subscriber.Send(ReadyCommand(1));
    EXPECT_EQ(Reason(subscriber.End()), "OUT_OF_ORDER");
  }
  {
    Subscriber subscriber(*subscriber_);
    subscriber.Open();
    subscriber.Send(OpenCommand());
    EXPECT_EQ(Reason(subscriber.End()), "OUT_OF_ORDER");
  }
  {
    Subscriber subscriber(*subscriber_);
    subscriber.Open();
    subscriber.Send(v1::SubscribeRequest());
    EXPECT_EQ(Reason(subscriber.End()), "OUT_OF_ORDER");
  }
}

TEST_F(SubscribingTest, TooHighAReadyEndsTheStream) {
  Subscriber subscriber(*subscriber_);
  subscriber.Open();
  subscriber.Send(ReadyCommand(2501));
  EXPECT_EQ(Reason(subscriber.End()), "INVALID_READY");
}

TEST_F(SubscribingTest, CommandsThatFailAreReportedAndEndNothing) {
  PublishMessages("orders", 1);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(1);
  open.mutable_open()->set_confirm_commands(true);
  subscriber.Open(open);
  const uint64_t id = subscriber.Deliveries(1)[0].delivery_id();
  subscriber.Send(FinishCommand(id));
  const v1::CommandResults ok = subscriber.Next().results();
  ASSERT_EQ(ok.results_size(), 1);
  EXPECT_EQ(ok.results(0).outcome(), v1::COMMAND_OUTCOME_OK);
  EXPECT_EQ(ok.results(0).kind(), v1::COMMAND_KIND_FINISH);
  subscriber.Send(FinishCommand(id));
  const v1::CommandResults late = subscriber.Next().results();
  ASSERT_EQ(late.results_size(), 1);
  EXPECT_EQ(late.results(0).delivery_id(), id);
  EXPECT_EQ(late.results(0).outcome(), v1::COMMAND_OUTCOME_NOT_IN_FLIGHT);
}

TEST_F(SubscribingTest, ARequeuedMessageComesAgain) {
  PublishMessages("orders", 1);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(1);
  subscriber.Open(open);
  const v1::Delivery first = subscriber.Deliveries(1)[0];
  v1::SubscribeRequest requeue;
  requeue.mutable_requeue()->add_delivery_ids(first.delivery_id());
  subscriber.Send(requeue);
  const v1::Delivery second = subscriber.Deliveries(1)[0];
  EXPECT_EQ(second.message_id(), first.message_id());
  EXPECT_NE(second.delivery_id(), first.delivery_id());
  EXPECT_EQ(second.attempts(), 2u);
}

TEST_F(SubscribingTest, ADelayThatIsNoDurationEndsTheStream) {
  Subscriber subscriber(*subscriber_);
  subscriber.Open();
  v1::SubscribeRequest requeue;
  requeue.mutable_requeue()->mutable_delay()->set_nanos(-2'000'000'000);
  subscriber.Send(requeue);
  EXPECT_EQ(subscriber.End().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SubscribingTest, CloseWaitsForWhatIsLeased) {
  PublishMessages("orders", 2);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(1);
  subscriber.Open(open);
  const uint64_t id = subscriber.Deliveries(1)[0].delivery_id();
  subscriber.Send(CloseCommand());
  subscriber.Send(FinishCommand(id));
  EXPECT_TRUE(subscriber.Next().has_closed());
  EXPECT_TRUE(subscriber.End().ok());
  EXPECT_EQ(StatsOf("orders", "mail").depth(), 1u);
}

TEST_F(SubscribingTest, AHalfCloseGivesLeasesBack) {
  PublishMessages("orders", 2);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(2);
  subscriber.Open(open);
  subscriber.Deliveries(2);
  subscriber.HalfClose();
  EXPECT_TRUE(subscriber.Next().has_closed());
  EXPECT_TRUE(subscriber.End().ok());
  EXPECT_EQ(StatsOf("orders", "mail").depth(), 2u);
  EXPECT_EQ(StatsOf("orders", "mail").client_count(), 0u);
}

TEST_F(SubscribingTest, ACancelledStreamGivesLeasesBack) {
  PublishMessages("orders", 2);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(2);
  subscriber.Open(open);
  subscriber.Deliveries(2);
  subscriber.Cancel();
  EXPECT_TRUE(Eventually([&] {
    const v1::ChannelStats stats = StatsOf("orders", "mail");
    return stats.in_flight_count() == 0 && stats.client_count() == 0 &&
           stats.depth() == 2;
  }));
  EXPECT_EQ(subscriber.End().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(SubscribingTest, AutoFinishGoesOnAfterTheHalfClose) {
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand("orders", "tail#ephemeral");
  open.mutable_open()->set_ready(1);
  open.mutable_open()->set_auto_finish(true);
  subscriber.Open(open);
  subscriber.HalfClose();
  PublishMessages("orders", 1000);
  EXPECT_EQ(subscriber.Deliveries(1000).size(), 1000u);
  PublishMessages("orders", 3);
  EXPECT_EQ(subscriber.Deliveries(3).size(), 3u);
  subscriber.Cancel();
}

TEST_F(SubscribingTest, ADeletedChannelEndsItsStreams) {
  Subscriber subscriber(*subscriber_);
  subscriber.Open();
  grpc::ClientContext context;
  v1::DeleteChannelRequest request;
  request.set_topic("orders");
  request.set_channel("mail");
  v1::DeleteChannelResponse response;
  ASSERT_TRUE(admin_->DeleteChannel(&context, request, &response).ok());
  const grpc::Status status = subscriber.End();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Reason(status), "CHANNEL_NOT_FOUND");
}

TEST_F(SubscribingTest, ASubscriberThatDoesNotReadHoldsNoMoreThanReady) {
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(100);
  subscriber.Open(open);
  for (int i = 0; i < 50; ++i) PublishMessages("orders", 100);
  EXPECT_LE(StatsOf("orders", "mail").in_flight_count(), 100u);
  EXPECT_EQ(subscriber.Deliveries(100).size(), 100u);
}

}  // namespace
}  // namespace sluice
