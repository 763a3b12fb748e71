// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Who gets which message: channels, subscribers of one channel, and those that
// only watch.
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

class SubscribeShareTest : public NodeTest {
 protected:
  v1::Open Tail(const std::string& channel, uint32_t ready = 1) {
    v1::Open open = OpenOf(topic(), channel, ready);
    open.set_auto_finish(true);
    return open;
  }
};

TEST_F(SubscribeShareTest, EachChannelGetsEveryMessage) {
  client().CreateTopic(topic());
  for (const char* channel : {"a", "b", "c"}) {
    client().CreateChannel(topic(), channel);
  }
  client().PublishNumbers(topic(), 100);
  std::vector<std::string> bodies[3];
  for (int i = 0; i < 3; ++i) {
    SubscriberSession session(
        client(),
        OpenOf(topic(), std::string(1, static_cast<char>('a' + i)), 200));
    bodies[i] = BodiesOf(session.ExpectDeliveries(100));
    session.ExpectNoDelivery(absl::Milliseconds(50));
  }
  for (const auto& of_one : bodies) {
    EXPECT_THAT(of_one, testing::UnorderedElementsAreArray(Numbers(100)));
  }
}

TEST_F(SubscribeShareTest, EachMessageGoesToOneSubscriberOfAChannel) {
  constexpr int kMessages = 2000;
  std::vector<std::unique_ptr<SubscriberSession>> sessions;
  for (int i = 0; i < 4; ++i) {
    sessions.push_back(std::make_unique<SubscriberSession>(
        client(), OpenOf(topic(), "c", 10)));
    sessions.back()->ExpectOpened();
  }
  std::atomic<int> finished{0};
  std::vector<std::map<std::string, uint32_t>> got(sessions.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < sessions.size(); ++i) {
    threads.emplace_back([&, i] {
      while (finished < kMessages) {
        const auto delivery =
            sessions[i]->NextDelivery(absl::Milliseconds(100));
        if (!delivery.has_value()) {
          if (sessions[i]->ended()) return;
          continue;
        }
        got[i][delivery->body()] += delivery->attempts();
        sessions[i]->Finish({delivery->delivery_id()});
        ++finished;
      }
    });
  }
  for (int i = 0; i < kMessages; i += 50) {
    client().PublishNumbers(topic(), 50, i);
  }
  const bool all = Eventually([&] { return finished >= kMessages; });
  finished = kMessages;
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(all);
  std::map<std::string, uint32_t> together;
  for (const auto& of_one : got) {
    for (const auto& [body, attempts] : of_one) together[body] += attempts;
  }
  EXPECT_EQ(together.size(), kMessages);
  for (const auto& [body, attempts] : together) EXPECT_EQ(attempts, 1) << body;
}

TEST_F(SubscribeShareTest, SubscribersThatWaitAllGetSome) {
  std::vector<std::unique_ptr<SubscriberSession>> sessions;
  for (int i = 0; i < 4; ++i) {
    sessions.push_back(std::make_unique<SubscriberSession>(
        client(), OpenOf(topic(), "c", 1000)));
    sessions.back()->ExpectOpened();
  }
  // Who is woken late on a busy machine may find a batch shared out already, so
  // there are several; without sharing, every one of them goes to one or two.
  bool all_got_some = false;
  std::vector<size_t> before(sessions.size(), 0);
  for (size_t round = 1; round <= 100 && !all_got_some; ++round) {
    client().PublishNumbers(topic(), 40);
    std::vector<size_t> held;
    ASSERT_TRUE(Eventually([&] {
      held.clear();
      size_t delivered = 0;
      for (const auto& session : sessions) {
        held.push_back(session->waiting_deliveries());
        delivered += held.back();
      }
      return delivered == round * 40;
    }));
    all_got_some = true;
    for (size_t i = 0; i < held.size(); ++i) {
      all_got_some = all_got_some && held[i] > before[i];
    }
    before = held;
  }
  EXPECT_TRUE(all_got_some);
}

TEST_F(SubscribeShareTest, ASubscriberThatHangsHoldsAtMostReadyAndNobodyUp) {
  constexpr uint32_t kReady = 40;
  const std::string large(100'000, 'x');
  SubscriberSession hanging(client(), OpenOf(topic(), "c", kReady));
  hanging.ExpectOpened();
  hanging.StopReading();
  NodeClient own(node().grpc_address());
  SubscriberSession working(own, OpenOf(topic(), "c", 10));
  SubscriberSession elsewhere(own, OpenOf(topic(), "d", 300));
  elsewhere.ExpectOpened();
  working.ExpectOpened();

  std::thread publisher([&] {
    for (int i = 0; i < 20; ++i) {
      client().Publish(topic(), std::vector<std::string>(10, large));
    }
  });
  // Everything the hanging one cannot hold comes to the other.
  for (uint32_t i = 0; i < 200 - kReady; ++i) {
    const v1::Delivery delivery = working.ExpectDelivery();
    EXPECT_EQ(delivery.attempts(), 1);
    if (!working.Finish({delivery.delivery_id()})) break;
  }
  publisher.join();
  EXPECT_EQ(elsewhere.ExpectDeliveries(200).size(), 200);
  const v1::ChannelStats stats = client().ChannelStatsOf(topic(), "c", true);
  for (const v1::ClientStats& one : stats.clients()) {
    EXPECT_LE(one.in_flight_count(), one.ready_count());
  }
  EXPECT_LE(stats.in_flight_count(), kReady + 10);
}

TEST_F(SubscribeShareTest, AutoFinishFinishesWhatItDelivers) {
  client().PublishNumbers(topic(), 100);
  SubscriberSession session(client(), Tail("c"));
  const auto got = session.ExpectDeliveries(100);
  EXPECT_EQ(BodiesOf(got), Numbers(100));
  EXPECT_TRUE(Eventually([this] {
    return client().ChannelStatsOf(topic(), "c").finish_count() == 100;
  }));
  const v1::ChannelStats stats = client().ChannelStatsOf(topic(), "c");
  EXPECT_EQ(stats.in_flight_count(), 0);
  EXPECT_EQ(stats.depth(), 0);
  EXPECT_EQ(stats.message_count(), 100);
  // There is nothing left to finish by hand.
  session.Finish({got[5].delivery_id()});
  session.ExpectResult(got[5].delivery_id(), v1::COMMAND_KIND_FINISH,
                       v1::COMMAND_OUTCOME_NOT_IN_FLIGHT);
  session.Close();
  session.ExpectClosed();
}

TEST_F(SubscribeShareTest, AutoFinishPausesAtReadyZero) {
  client().PublishNumbers(topic(), 10);
  SubscriberSession session(client(), Tail("c", 0));
  session.ExpectOpened();
  session.ExpectNoDelivery();
  session.Ready(1);
  session.ExpectDeliveries(10);
  session.Ready(0);
  // Commands are applied in turn: this answer comes after the pause.
  session.Touch({1});
  session.ExpectResults(1);
  client().PublishNumbers(topic(), 5);
  session.ExpectNoDelivery();
  session.Ready(2500);
  session.ExpectDeliveries(5);
}

TEST_F(SubscribeShareTest, AutoFinishGoesOnAfterAHalfClose) {
  SubscriberSession session(client(), Tail("tail#ephemeral"));
  session.ExpectOpened();
  session.HalfClose();
  for (int i = 0; i < 3; ++i) {
    client().PublishNumbers(topic(), 5, 5 * i);
    EXPECT_EQ(BodiesOf(session.ExpectDeliveries(5)), Numbers(5, 5 * i));
  }
  EXPECT_FALSE(session.ended());
  session.Cancel();
  EXPECT_EQ(session.ExpectEnd().code, absl::StatusCode::kCancelled);
}

TEST_F(SubscribeShareTest, AutoFinishEndsAtAHalfCloseAfterClose) {
  SubscriberSession session(client(), Tail("c"));
  session.ExpectOpened();
  session.Close();
  session.HalfClose();
  session.ExpectClosed();
}

TEST_F(SubscribeShareTest, AnEphemeralChannelGoesWithItsLastSubscriber) {
  const std::string channel = "watch#ephemeral";
  SubscriberSession one(client(), OpenOf(topic(), channel));
  SubscriberSession two(client(), OpenOf(topic(), channel));
  one.ExpectOpened();
  two.ExpectOpened();
  EXPECT_TRUE(client().ChannelExists(topic(), channel));
  one.HalfClose();
  one.ExpectClosed();
  EXPECT_TRUE(client().ChannelExists(topic(), channel));
  two.Cancel();
  EXPECT_TRUE(
      Eventually([&] { return !client().ChannelExists(topic(), channel); }));
  EXPECT_TRUE(client().TopicExists(topic()));
}

TEST_F(SubscribeShareTest, AnEphemeralTopicGoesWithItsLastChannel) {
  const std::string name = topic().substr(0, 40) + "#ephemeral";
  client().PublishNumbers(name, 3);
  {
    // The first channel of any kind starts at the oldest message.
    SubscriberSession session(client(), OpenOf(name, "a#ephemeral", 10));
    EXPECT_EQ(BodiesOf(session.ExpectDeliveries(3)), Numbers(3));
    SubscriberSession later(client(), OpenOf(name, "b#ephemeral", 10));
    later.ExpectOpened();
    later.ExpectNoDelivery();
  }
  EXPECT_TRUE(Eventually([&] { return !client().TopicExists(name); }));
}

}  // namespace
}  // namespace sluice
