// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Producer and Consumer find real nodes through lookups that say what the test
// wants them to.
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/consumer.h"
#include "client/producer.h"
#include "client/scripted_lookup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/client_fixture.h"
#include "tests/conformance/client.h"

namespace sluice {
namespace {

using testing::SizeIs;

class DiscoveryTest : public ClientTest {
 protected:
  std::shared_ptr<ClusterConnection> ConnectByLookup() {
    ClientOptions options;
    options.lookup_addresses = {one_.address(), two_.address()};
    options.lookup_poll_interval = absl::Milliseconds(200);
    return *ClusterConnection::Create(options);
  }
  std::unique_ptr<Consumer> ConsumeInto(Inbox* inbox) {
    ConsumerOptions options;
    options.topic = "t";
    options.channel = "c";
    auto consumer = Consumer::Create(
        ConnectByLookup(), options,
        [inbox](const Message& message) { return inbox->Take(message); });
    return *std::move(consumer);
  }

  ScriptedLookup one_;
  ScriptedLookup two_;
};

TEST_F(DiscoveryTest, AConsumerReceivesFromTheUnionOfAllLookups) {
  StartNodes(2);
  one_.SetNodes({Address(0)});
  two_.SetNodes({Address(1)});
  NodeClient(Address(0)).PublishNumbers("t", 10);
  NodeClient(Address(1)).PublishNumbers("t", 10, 10);
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  EXPECT_TRUE(Eventually([&] { return inbox.distinct().size() == 20; }));
}

TEST_F(DiscoveryTest, AConsumerTakesANodeThatComes) {
  StartNodes(2);
  one_.SetNodes({Address(0)});
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  NodeClient(Address(0)).PublishNumbers("t", 10);
  EXPECT_TRUE(Eventually([&] { return inbox.size() == 10; }));
  NodeClient(Address(1)).PublishNumbers("t", 10, 10);
  one_.SetNodes({Address(0), Address(1)});
  const absl::Time told = absl::Now();
  EXPECT_TRUE(Eventually([&] { return inbox.size() == 20; }));
  EXPECT_LT(absl::Now() - told, absl::Seconds(2));
}

TEST_F(DiscoveryTest, LookupsThatKnowNothingOrFailTakeNoNodeAway) {
  StartNodes(1);
  one_.SetNodes({Address(0)});
  two_.SetNodes({Address(0)});
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  const auto producer = *Producer::Create(ConnectByLookup(), ProducerOptions());
  ASSERT_TRUE(producer->PublishAndWait("t", Text("before")).ok());
  EXPECT_TRUE(Eventually([&] { return inbox.size() == 1; }));
  one_.SetFailing(true);
  two_.SetNodes({});
  // Both have been asked since.
  const int calls = one_.calls() + two_.calls();
  EXPECT_TRUE(
      Eventually([&] { return one_.calls() + two_.calls() >= calls + 10; }));
  ASSERT_TRUE(producer->PublishAndWait("t", Text("meanwhile")).ok());
  EXPECT_TRUE(Eventually([&] { return inbox.size() == 2; }));
  // Not even when the node itself is away for a while.
  KillNode(0);
  RestartNode(0);
  ASSERT_TRUE(producer->PublishAndWait("t", Text("after")).ok());
  EXPECT_TRUE(Eventually([&] { return inbox.distinct().size() == 3; }));
}

TEST_F(DiscoveryTest, AProducerNeedsNoNodeThatHasTheTopic) {
  StartNodes(2);
  one_.SetNodes({Address(0), Address(1)});
  ProducerOptions options;
  options.same_node_patience = absl::ZeroDuration();
  const auto producer = *Producer::Create(ConnectByLookup(), options);
  const auto first = producer->PublishAndWait("new", Text("a"));
  ASSERT_TRUE(first.ok()) << first.status();
  const size_t used = first->node == Address(0) ? 0 : 1;
  KillNode(used);
  const auto second = producer->PublishAndWait("new", Text("b"));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->node, Address(1 - used));
}

TEST_F(DiscoveryTest, AProducerWaitsForANodeToCome) {
  StartNodes(1);
  const auto producer = *Producer::Create(ConnectByLookup(), ProducerOptions());
  auto answer = producer->Publish("t", Text("x"));
  one_.SetNodes({Address(0)});
  const auto published = answer.get();
  EXPECT_TRUE(published.ok()) << published.status();
  EXPECT_THAT(Stored(0, "t"), SizeIs(1));
}

}  // namespace
}  // namespace sluice
