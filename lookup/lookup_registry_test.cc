// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/lookup_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/fake_clock.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using StreamId = LookupRegistry::StreamId;

class CountingWatcher final : public TopicWatcher {
 public:
  void OnTopicChanged() override { ++calls; }
  int calls = 0;
};

class LookupRegistryTest : public ::testing::Test {
 protected:
  StreamId Connect(const std::string& node_id) {
    NodeRecord node;
    node.node_id = node_id;
    node.broadcast_address = node_id + ".example";
    node.grpc_port = 4150;
    return registry_.Connect(node);
  }
  std::vector<std::string> NodesOf(const std::string& topic) {
    std::vector<std::string> ids;
    for (const auto& node : registry_.Lookup(topic).nodes) {
      ids.push_back(node->node_id);
    }
    return ids;
  }
  std::vector<std::string> NodeIds() {
    std::vector<std::string> ids;
    for (const auto& view : registry_.Nodes()) {
      ids.push_back(view.node->node_id);
    }
    return ids;
  }

  FakeClock clock_;
  LookupRegistry registry_{LookupRegistry::Options(), clock_};
};

TEST_F(LookupRegistryTest, AnUnknownTopicIsEmpty) {
  EXPECT_THAT(registry_.Lookup("orders").channels, IsEmpty());
  EXPECT_THAT(registry_.Lookup("orders").nodes, IsEmpty());
  EXPECT_FALSE(registry_.Knows("orders"));
}

TEST_F(LookupRegistryTest, FindsTheNodesAndChannelsOfATopic) {
  const StreamId b = Connect("b");
  const StreamId a = Connect("a");
  registry_.Add(b, "orders", "");
  registry_.Add(b, "orders", "mail");
  registry_.Add(a, "orders", "archive");
  registry_.Add(a, "orders", "archive");
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a", "b"));
  EXPECT_THAT(registry_.Channels("orders"), ElementsAre("archive", "mail"));
  EXPECT_THAT(registry_.Topics(), ElementsAre("orders"));
}

TEST_F(LookupRegistryTest, AChannelIsThereUntilTheLastNodeRemovesIt) {
  const StreamId a = Connect("a");
  const StreamId b = Connect("b");
  registry_.Add(a, "orders", "mail");
  registry_.Add(b, "orders", "mail");
  registry_.Remove(a, "orders", "mail");
  EXPECT_THAT(registry_.Channels("orders"), ElementsAre("mail"));
  registry_.Remove(b, "orders", "mail");
  EXPECT_THAT(registry_.Channels("orders"), IsEmpty());
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a", "b"));
}

TEST_F(LookupRegistryTest, RemovingATopicRemovesItsChannels) {
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  registry_.Remove(a, "orders", "");
  EXPECT_FALSE(registry_.Knows("orders"));
  registry_.Add(a, "orders", "");
  EXPECT_THAT(registry_.Channels("orders"), IsEmpty());
}

TEST_F(LookupRegistryTest, RemovingWhatIsNotThereDoesNothing) {
  const StreamId a = Connect("a");
  registry_.Remove(a, "orders", "");
  registry_.Remove(a, "orders", "mail");
  registry_.Add(a, "orders", "");
  registry_.Remove(a, "orders", "mail");
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a"));
}

TEST_F(LookupRegistryTest, TheEndOfAStreamRemovesTheNodeAtOnce) {
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  registry_.Disconnect(a);
  EXPECT_THAT(NodesOf("orders"), IsEmpty());
  EXPECT_THAT(NodeIds(), IsEmpty());
}

TEST_F(LookupRegistryTest, LastingNamesOutliveTheirNodeByADay) {
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  registry_.Add(a, "orders", "tail#ephemeral");
  registry_.Add(a, "brief#ephemeral", "mail");
  registry_.Disconnect(a);
  EXPECT_THAT(registry_.Channels("orders"), ElementsAre("mail"));
  EXPECT_THAT(registry_.Topics(), ElementsAre("orders"));
  clock_.Advance(absl::Hours(24));
  registry_.Expire();
  EXPECT_THAT(registry_.Topics(), IsEmpty());
}

TEST_F(LookupRegistryTest, ANodeThatComesBackWithoutANameEndsItsMemory) {
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  registry_.Add(a, "bills", "");
  registry_.Disconnect(a);
  const StreamId again = Connect("a");
  registry_.Add(again, "orders", "");
  EXPECT_THAT(registry_.Channels("orders"), ElementsAre("mail"));
  EXPECT_TRUE(registry_.Ping(again));
  EXPECT_THAT(registry_.Channels("orders"), IsEmpty());
  EXPECT_THAT(registry_.Topics(), ElementsAre("orders"));
}

TEST_F(LookupRegistryTest, AStreamThatBreaksEarlyLosesNoName) {
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  registry_.Disconnect(a);
  registry_.Disconnect(Connect("a"));
  const StreamId broken = Connect("a");
  registry_.Add(broken, "bills", "");
  registry_.Disconnect(broken);
  EXPECT_THAT(registry_.Channels("orders"), ElementsAre("mail"));
  EXPECT_THAT(registry_.Topics(), ElementsAre("orders"));
}

TEST_F(LookupRegistryTest, ASilentNodeIsHiddenUntilItIsHeard) {
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  clock_.Advance(absl::Minutes(5) - absl::Nanoseconds(1));
  EXPECT_EQ(registry_.Expire() - clock_.SteadyNow(), absl::Nanoseconds(1));
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a"));
  clock_.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(registry_.Expire(), SteadyTime::InfiniteFuture());
  EXPECT_THAT(NodesOf("orders"), IsEmpty());
  EXPECT_THAT(NodeIds(), IsEmpty());
  EXPECT_THAT(registry_.Channels("orders"), ElementsAre("mail"));
  EXPECT_TRUE(registry_.Ping(a));
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a"));
  EXPECT_THAT(NodeIds(), ElementsAre("a"));
}

TEST_F(LookupRegistryTest, ATombstoneHidesOneNodeForOneTopic) {
  const StreamId a = Connect("a");
  const StreamId b = Connect("b");
  for (const StreamId stream : {a, b}) {
    registry_.Add(stream, "orders", "");
    registry_.Add(stream, "bills", "");
  }
  registry_.Tombstone("orders", "a");
  EXPECT_THAT(NodesOf("orders"), ElementsAre("b"));
  EXPECT_THAT(NodesOf("bills"), ElementsAre("a", "b"));
  EXPECT_THAT(NodeIds(), ElementsAre("a", "b"));
  EXPECT_THAT(registry_.Nodes()[0].tombstones, ElementsAre("orders"));
}

TEST_F(LookupRegistryTest, ATombstoneEndsByTime) {
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "");
  registry_.Tombstone("orders", "a");
  clock_.Advance(absl::Seconds(44));
  registry_.Expire();
  EXPECT_THAT(NodesOf("orders"), IsEmpty());
  clock_.Advance(absl::Seconds(1));
  registry_.Expire();
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a"));
}

TEST_F(LookupRegistryTest, ATombstoneEndsByRemoveButNotByAddOrReconnect) {
  StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  registry_.Tombstone("orders", "a");
  registry_.Add(a, "orders", "");
  registry_.Remove(a, "orders", "mail");
  EXPECT_THAT(NodesOf("orders"), IsEmpty());
  registry_.Disconnect(a);
  a = Connect("a");
  registry_.Add(a, "orders", "");
  EXPECT_THAT(NodesOf("orders"), IsEmpty());
  registry_.Remove(a, "orders", "");
  registry_.Add(a, "orders", "");
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a"));
}

TEST_F(LookupRegistryTest, ATombstoneForAStrangerIsNotKept) {
  registry_.Tombstone("orders", "stranger");
  EXPECT_EQ(registry_.GetCounts().tombstones, 0u);
}

TEST_F(LookupRegistryTest, WhatIsCreatedHereStaysWithoutANode) {
  registry_.CreateTopic("bills");
  registry_.CreateChannel("orders", "mail");
  registry_.CreateChannel("orders", "mail");
  EXPECT_THAT(registry_.Topics(), ElementsAre("bills", "orders"));
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  registry_.Remove(a, "orders", "");
  registry_.Disconnect(a);
  EXPECT_THAT(registry_.Channels("orders"), ElementsAre("mail"));
}

TEST_F(LookupRegistryTest, ADeletedTopicComesBackWithTheNextPing) {
  const StreamId a = Connect("a");
  const StreamId b = Connect("b");
  registry_.Add(a, "orders", "mail");
  registry_.Add(b, "bills", "");
  registry_.CreateTopic("orders");
  registry_.DeleteTopic("orders");
  registry_.DeleteTopic("never");
  EXPECT_FALSE(registry_.Knows("orders"));
  EXPECT_FALSE(registry_.Ping(a));
  EXPECT_TRUE(registry_.Ping(a));
  EXPECT_TRUE(registry_.Ping(b));
  registry_.Add(a, "orders", "mail");
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a"));
}

TEST_F(LookupRegistryTest, ADeletedChannelComesBackWithTheNextPing) {
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  registry_.Add(a, "orders", "archive");
  registry_.DeleteChannel("orders", "mail");
  registry_.DeleteChannel("orders", "never");
  registry_.DeleteChannel("never", "mail");
  EXPECT_THAT(registry_.Channels("orders"), ElementsAre("archive"));
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a"));
  EXPECT_FALSE(registry_.Ping(a));
  EXPECT_TRUE(registry_.Ping(a));
}

TEST_F(LookupRegistryTest, OfTwoStreamsOfANodeTheNewerIsShown) {
  const StreamId old = Connect("a");
  registry_.Add(old, "orders", "");
  NodeRecord moved;
  moved.node_id = "a";
  moved.broadcast_address = "elsewhere";
  const StreamId now = registry_.Connect(moved);
  registry_.Add(now, "orders", "");
  ASSERT_EQ(registry_.Lookup("orders").nodes.size(), 1u);
  EXPECT_EQ(registry_.Lookup("orders").nodes[0]->broadcast_address,
            "elsewhere");
  EXPECT_THAT(NodeIds(), ElementsAre("a"));
  registry_.Disconnect(old);
  EXPECT_THAT(NodesOf("orders"), ElementsAre("a"));
}

TEST_F(LookupRegistryTest, AWatcherIsToldOfWhatConcernsItsTopic) {
  CountingWatcher watcher;
  registry_.Watch("orders", &watcher);
  const StreamId a = Connect("a");
  registry_.Add(a, "bills", "");
  EXPECT_EQ(watcher.calls, 0);
  registry_.Add(a, "orders", "");
  EXPECT_EQ(watcher.calls, 1);
  registry_.Add(a, "orders", "");
  EXPECT_EQ(watcher.calls, 1);
  registry_.Add(a, "orders", "mail");
  EXPECT_EQ(watcher.calls, 2);
  registry_.CreateChannel("orders", "archive");
  EXPECT_EQ(watcher.calls, 3);
  registry_.Unwatch("orders", &watcher);
  registry_.DeleteTopic("orders");
  EXPECT_EQ(watcher.calls, 3);
  EXPECT_EQ(registry_.GetCounts().watchers, 0u);
}

TEST_F(LookupRegistryTest, AWatcherIsToldOfWhatTimeDoes) {
  CountingWatcher watcher;
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "");
  registry_.Watch("orders", &watcher);
  registry_.Tombstone("orders", "a");
  EXPECT_EQ(watcher.calls, 1);
  clock_.Advance(absl::Seconds(45));
  registry_.Expire();
  EXPECT_EQ(watcher.calls, 2);
  clock_.Advance(absl::Minutes(5));
  registry_.Expire();
  EXPECT_EQ(watcher.calls, 3);
  registry_.Ping(a);
  EXPECT_EQ(watcher.calls, 4);
  registry_.Disconnect(a);
  EXPECT_EQ(watcher.calls, 5);
  registry_.Unwatch("orders", &watcher);
}

TEST_F(LookupRegistryTest, CountsWhatIsThere) {
  const StreamId a = Connect("a");
  registry_.Add(a, "orders", "mail");
  registry_.Add(a, "bills", "");
  registry_.Tombstone("bills", "a");
  const LookupRegistry::Counts counts = registry_.GetCounts();
  EXPECT_EQ(counts.nodes, 1u);
  EXPECT_EQ(counts.topics, 2u);
  EXPECT_EQ(counts.channels, 1u);
  EXPECT_EQ(counts.registrations, 2u);
  EXPECT_EQ(counts.tombstones, 1u);
}

}  // namespace
}  // namespace sluice
