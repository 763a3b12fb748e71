// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What other queues got wrong about deliveries and their answers.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

class DeliveryRegressionTest : public testing::Test {
 protected:
  void SetUp() override { Start(); }
  void Start() {
    ASSERT_TRUE(node_.Start().ok()) << node_.standard_error();
    client_ = std::make_unique<NodeClient>(node_.grpc_address());
  }
  static v1::Open ShortLease(const std::string& topic,
                             const std::string& channel, uint32_t ready) {
    v1::Open open = OpenOf(topic, channel, ready);
    open.mutable_message_timeout()->set_seconds(1);
    return open;
  }

  NodeProcess node_;
  std::unique_ptr<NodeClient> client_;
};

// nsqd's in-flight count of a client went negative, and it was sent more than
// its RDY from then on.
TEST_F(DeliveryRegressionTest,
       EmptyingBesideFinishesNeverLetsMoreOutThanReady) {
  constexpr int kReady = 20;
  client_->CreateTopic("t");
  client_->CreateChannel("t", "c");
  std::atomic<bool> over{false};
  std::thread publisher([&] {
    NodeClient client(node_.grpc_address());
    while (!over) client.PublishNumbers("t", 50);
  });
  std::thread janitor([&] {
    NodeClient client(node_.grpc_address());
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(
          IsOk(client.Call(OnChannel<v1::EmptyChannelRequest>("t", "c"))));
    }
    over = true;
  });
  {
    SubscriberSession session(*client_, OpenOf("t", "c", kReady));
    while (!over) {
      const auto delivery = session.NextDelivery(absl::Milliseconds(10));
      if (delivery.has_value()) session.Finish({delivery->delivery_id()});
      const auto stats = client_->ChannelStatsOf("t", "c");
      EXPECT_LE(stats.in_flight_count(), kReady);
    }
    publisher.join();
    janitor.join();
    // Now nothing is answered: exactly RDY come.
    EXPECT_TRUE(
        IsOk(client_->Call(OnChannel<v1::EmptyChannelRequest>("t", "c"))));
    while (session.NextDelivery(absl::Milliseconds(100)).has_value()) {
    }
    client_->PublishNumbers("t", 3 * kReady);
    session.ExpectDeliveries(kReady);
    session.ExpectNoDelivery();
    EXPECT_EQ(client_->ChannelStatsOf("t", "c").in_flight_count(), kReady);
  }
}

// A finish that came during the scan of timeouts ended the scan; and the scan
// looked at a sample of channels from a list that was up to five seconds old.
TEST_F(DeliveryRegressionTest, AllLeasesOfManyNewChannelsRunOutInTime) {
  constexpr int kChannels = 100;
  constexpr int kMessages = 20;
  client_->CreateTopic("t");
  std::vector<std::unique_ptr<SubscriberSession>> sessions;
  for (int i = 0; i < kChannels; ++i) {
    sessions.push_back(std::make_unique<SubscriberSession>(
        *client_, ShortLease("t", absl::StrCat("c", i), kMessages)));
    sessions.back()->ExpectOpened();
  }
  client_->PublishNumbers("t", kMessages);
  for (const auto& session : sessions) {
    const auto first = session->ExpectDeliveries(kMessages);
    session->Finish({first[0].delivery_id()});
    session->Ready(2 * kMessages);
  }
  for (const auto& session : sessions) {
    for (const auto& again : session->ExpectDeliveries(kMessages - 1)) {
      EXPECT_EQ(again.attempts(), 2);
    }
    session->Cancel();
  }
}

// A channel that is emptied, a crash replay: the credit of what is gone leaked,
// and a subscriber with RDY 1 starved for ever.
TEST_F(DeliveryRegressionTest, CreditSurvivesTimeoutsEmptyingAndACrash) {
  for (int life = 0; life < 3; ++life) {
    client_->PublishNumbers("t", 10);
    SubscriberSession session(*client_, ShortLease("t", "c", 1));
    session.ExpectDelivery();
    session.ExpectDelivery();  // the first ran out
    EXPECT_TRUE(
        IsOk(client_->Call(OnChannel<v1::EmptyChannelRequest>("t", "c"))));
    for (int i = 0; i < 5; ++i) {
      client_->PublishNumbers("t", 1);
      session.Finish({session.ExpectDelivery().delivery_id()});
    }
    node_.Kill(SIGKILL);
    node_.Wait();
    session.ExpectEnd();
    ASSERT_NO_FATAL_FAILURE(Start());
  }
}

// Messages below the size of an output buffer waited for a heartbeat.
TEST_F(DeliveryRegressionTest, ATrickleIsDeliveredMessageByMessage) {
  SubscriberSession session(*client_, OpenOf("t", "c", 100));
  session.ExpectOpened();
  for (int i = 0; i < 5; ++i) {
    client_->PublishNumbers("t", 1, i);
    EXPECT_EQ(session.ExpectDelivery().body(), absl::StrCat(i));
    absl::SleepFor(absl::Milliseconds(150));
  }
}

// What a closing node was given back was in no list, and lost.
TEST_F(DeliveryRegressionTest, ARequeueDuringTheStopIsNotLost) {
  client_->PublishNumbers("t", 10);
  {
    SubscriberSession session(*client_, OpenOf("t", "c", 10));
    const auto ids = IdsOf(session.ExpectDeliveries(10));
    node_.Kill(SIGTERM);
    EXPECT_TRUE(Eventually([&] { return session.draining(); }));
    session.Requeue(ids);
    session.ExpectEnd();
  }
  EXPECT_EQ(node_.Wait(), 0) << node_.standard_error();
  ASSERT_NO_FATAL_FAILURE(Start());
  EXPECT_EQ(client_->ChannelStatsOf("t", "c").depth(), 10);
}

// nsqd delivered delayed messages at once when its memory queue was full or
// absent, and after a restart.
TEST_F(DeliveryRegressionTest, DelaysSurviveAFullMemoryQueueAndAStop) {
  constexpr uint64_t kMessages = 6;
  constexpr absl::Duration kDelay = absl::Seconds(3);
  auto create = OnTopic<v1::CreateTopicRequest>("t");
  create.mutable_config()->set_durability(v1::DURABILITY_MEMORY);
  create.mutable_config()->set_mem_queue_size(kMessages / 2);
  ASSERT_TRUE(IsOk(client_->Call(create)));
  client_->CreateChannel("t", "c");
  const absl::Time before = absl::Now();
  for (uint64_t i = 0; i < kMessages; ++i) {
    v1::PublishRequest request = PublishOf("t", {absl::StrCat(i)});
    request.mutable_messages(0)->mutable_delay()->set_seconds(3);
    ASSERT_TRUE(IsOk(client_->Call(request)));
  }
  const auto deferred = [this] {
    return client_->ChannelStatsOf("t", "c").deferred_count();
  };
  {
    SubscriberSession session(*client_, OpenOf("t", "c", 100));
    EXPECT_TRUE(Eventually([&] { return deferred() == kMessages; }));
    EXPECT_EQ(session.waiting_deliveries(), 0u);
  }
  node_.Kill(SIGTERM);
  EXPECT_EQ(node_.Wait(), 0);
  Start();
  // Read before the time is looked at: on a slow machine they may be due.
  const uint64_t kept = deferred();
  if (absl::Now() < before + kDelay) {
    EXPECT_EQ(kept, kMessages);
  }
  SubscriberSession session(*client_, OpenOf("t", "c", 100));
  for (uint64_t i = 0; i < kMessages; ++i) {
    const v1::Delivery delivery = session.ExpectDelivery();
    EXPECT_EQ(delivery.body(), absl::StrCat(i));
    EXPECT_EQ(delivery.attempts(), 1);
    EXPECT_GE(absl::Now(), absl::FromUnixNanos(static_cast<int64_t>(
                               delivery.publish_time_unix_nano())) +
                               kDelay);
  }
}

}  // namespace
}  // namespace sluice
