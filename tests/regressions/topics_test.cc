// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What other queues got wrong about topics and channels that come and go.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

class TopicsRegressionTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node_.Start().ok()) << node_.standard_error();
    client_ = std::make_unique<NodeClient>(node_.grpc_address());
  }

  NodeProcess node_;
  std::unique_ptr<NodeClient> client_;
};

// A publish that raced with the deletion went to a topic that nobody could see
// any more, and was acknowledged.
TEST_F(TopicsRegressionTest, APublishBesideADeletionFailsOrIsInTheNewTopic) {
  constexpr int kPublishers = 3;
  std::atomic<bool> over{false};
  std::atomic<int> running{0};
  std::vector<std::thread> publishers;
  for (int i = 0; i < kPublishers; ++i) {
    publishers.emplace_back([&] {
      NodeClient client(node_.grpc_address());
      ++running;
      while (!over) {
        const Outcome outcome = client.Call(PublishOf("t", {"x"}));
        EXPECT_TRUE(outcome.ok() || outcome.reason == "TOPIC_NOT_FOUND")
            << outcome;
      }
    });
  }
  while (running < kPublishers) std::this_thread::yield();
  for (int i = 0; i < 50; ++i) {
    client_->Call(OnTopic<v1::DeleteTopicRequest>("t"));
  }
  over = true;
  for (std::thread& publisher : publishers) publisher.join();

  client_->Call(OnTopic<v1::DeleteTopicRequest>("t"));
  for (uint64_t i = 1; i <= 5; ++i) {
    EXPECT_EQ(client_->PublishOne("t", "after"), i);
  }
  EXPECT_EQ(client_->TopicStatsOf("t").depth(), 5);
  SubscriberSession session(*client_, OpenOf("t", "c", 10));
  session.ExpectDeliveries(5);
  session.ExpectNoDelivery();
}

// Consumers that came and went on an ephemeral channel made the node spin, and
// left subscriptions to nothing.
TEST_F(TopicsRegressionTest, EphemeralConsumersMayComeAndGoAtAnyRate) {
  client_->CreateTopic("t");
  client_->CreateChannel("t", "lasting");
  std::atomic<bool> over{false};
  int published = 0;
  std::vector<std::thread> visitors;
  for (int i = 0; i < 4; ++i) {
    visitors.emplace_back([&, i] {
      NodeClient client(node_.grpc_address());
      while (!over) {
        SubscriberSession session(
            client, OpenOf("t", absl::StrCat("e", i % 2, "#ephemeral"), 5));
        session.ExpectOpened();
        session.NextDelivery(absl::Milliseconds(5));
      }
    });
  }
  for (int i = 0; i < 300; ++i) {
    client_->PublishNumbers("t", 10);
    published += 10;
  }
  over = true;
  for (std::thread& visitor : visitors) visitor.join();
  EXPECT_TRUE(Eventually(
      [this] { return client_->TopicStatsOf("t").channels_size() == 1; }));
  EXPECT_EQ(client_->ChannelStatsOf("t", "lasting").depth(), published);
  // A visitor that comes now is served.
  SubscriberSession session(*client_, OpenOf("t", "e0#ephemeral", 5));
  session.ExpectOpened();
  client_->PublishNumbers("t", 1);
  session.ExpectDelivery();
}

// An ephemeral topic that a publish had just made anew was deleted by the end
// of its former consumer.
TEST_F(TopicsRegressionTest, AnEphemeralTopicMadeAnewByAPublishStays) {
  for (int i = 0; i < 20; ++i) {
    {
      SubscriberSession session(*client_,
                                OpenOf("t#ephemeral", "c#ephemeral", 1));
      session.ExpectOpened();
    }
    EXPECT_TRUE(
        Eventually([this] { return !client_->TopicExists("t#ephemeral"); }));
    client_->PublishOne("t#ephemeral", "x");
    EXPECT_TRUE(client_->TopicExists("t#ephemeral"));
    SubscriberSession session(*client_,
                              OpenOf("t#ephemeral", "c#ephemeral", 1));
    EXPECT_EQ(session.ExpectDelivery().body(), "x");
    session.Cancel();
    EXPECT_TRUE(
        Eventually([this] { return !client_->TopicExists("t#ephemeral"); }));
  }
}

// Counters of a topic made anew went on from, or below, those of the old one.
TEST_F(TopicsRegressionTest, ATopicMadeAnewCountsFromNothing) {
  for (int i = 0; i < 3; ++i) {
    client_->PublishNumbers("t", 7);
    SubscriberSession session(*client_, OpenOf("t", "c", 10));
    session.Finish(IdsOf(session.ExpectDeliveries(7)));
    EXPECT_TRUE(Eventually([this] {
      return client_->ChannelStatsOf("t", "c").finish_count() == 7;
    }));
    EXPECT_EQ(client_->TopicStatsOf("t").message_count(), 7);
    EXPECT_EQ(client_->ChannelStatsOf("t", "c").depth(), 0);
    EXPECT_TRUE(IsOk(client_->Call(OnTopic<v1::DeleteTopicRequest>("t"))));
    session.ExpectEnd();
  }
}

}  // namespace
}  // namespace sluice
