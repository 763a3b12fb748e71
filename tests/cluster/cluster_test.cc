// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Three nodes and two lookup servers, of which each is killed in turn.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "httplib.h"
#include "nlohmann/json.hpp"
#include "tests/cluster/lookup_asker.h"
#include "tests/conformance/client.h"
#include "tests/conformance/outcome.h"
#include "tests/lookup_process.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::Duration kPing = absl::Seconds(1);

int PortOf(const std::string& address) {
  int port = 0;
  (void)absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port);
  return port;
}

class ClusterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<std::string> flags = {"--broadcast-address=127.0.0.1"};
    for (auto& lookup : lookups_) {
      lookup = std::make_unique<LookupProcess>(std::vector<std::string>{
          "--ping-interval=1s", "--tombstone-lifetime=2s"});
      ASSERT_TRUE(lookup->Start().ok()) << lookup->standard_error();
      flags.push_back("--lookup-address=" + lookup->grpc_address());
      asks_.push_back(std::make_unique<LookupAsker>(lookup->grpc_address()));
    }
    for (auto& node : nodes_) {
      node = std::make_unique<NodeProcess>(flags);
      ASSERT_TRUE(node->Start().ok()) << node->standard_error();
    }
  }

  static Outcome Publish(NodeProcess& node, const std::string& topic) {
    v1::PublishRequest request;
    request.set_topic(topic);
    request.add_messages()->set_body("hello");
    return NodeClient(node.grpc_address()).Call(request);
  }
  // Both lookup servers answer so, before long.
  bool AllSay(const std::string& topic, std::vector<int> ports) {
    std::sort(ports.begin(), ports.end());
    return Eventually([&] {
      return std::all_of(asks_.begin(), asks_.end(), [&](const auto& ask) {
        return ask->PortsOf(topic) == ports;
      });
    });
  }
  int Port(size_t node) { return PortOf(nodes_[node]->grpc_address()); }
  std::vector<std::string> ChannelsOn(NodeProcess& node,
                                      const std::string& topic) {
    v1::ListChannelsRequest request;
    request.set_topic(topic);
    v1::ListChannelsResponse response;
    NodeClient(node.grpc_address()).Call(request, &response);
    std::vector<std::string> names;
    for (const auto& channel : response.channels()) {
      names.push_back(channel.name());
    }
    return names;
  }
  static nlohmann::json Get(const NodeProcess& server, const char* path) {
    httplib::Client client("127.0.0.1", PortOf(server.http_address()));
    const auto answer = client.Get(path);
    return answer ? nlohmann::json::parse(answer->body, nullptr, false)
                  : nlohmann::json();
  }

  std::array<std::unique_ptr<LookupProcess>, 2> lookups_;
  std::array<std::unique_ptr<NodeProcess>, 3> nodes_;
  std::vector<std::unique_ptr<LookupAsker>> asks_;
};

TEST_F(ClusterTest, EveryLookupKnowsWhereATopicIs) {
  ASSERT_TRUE(IsOk(Publish(*nodes_[0], "orders")));
  ASSERT_TRUE(IsOk(Publish(*nodes_[2], "orders")));
  ASSERT_TRUE(IsOk(Publish(*nodes_[1], "bills")));
  EXPECT_TRUE(AllSay("orders", {Port(0), Port(2)}));
  EXPECT_TRUE(AllSay("bills", {Port(1)}));
  EXPECT_EQ(asks_[0]->Nodes().size(), 3u);
  EXPECT_EQ(
      Get(*lookups_[1], "/lookup?topic=bills")["producers"][0]["grpcPort"],
      Port(1));
  EXPECT_EQ(Get(*lookups_[0], "/nodes")["nodes"].size(), 3u);
}

TEST_F(ClusterTest, ADeletedTopicIsForgotten) {
  ASSERT_TRUE(IsOk(Publish(*nodes_[0], "orders")));
  ASSERT_TRUE(AllSay("orders", {Port(0)}));
  v1::DeleteTopicRequest request;
  request.set_topic("orders");
  ASSERT_TRUE(IsOk(NodeClient(nodes_[0]->grpc_address()).Call(request)));
  EXPECT_TRUE(AllSay("orders", {}));
  EXPECT_TRUE(Eventually([&] { return asks_[0]->Topics().empty(); }));
}

TEST_F(ClusterTest, ALookupThatIsRestartedIsFullAgainWithinAPing) {
  ASSERT_TRUE(IsOk(Publish(*nodes_[0], "orders")));
  ASSERT_TRUE(IsOk(Publish(*nodes_[1], "orders")));
  for (auto& lookup : lookups_) {
    ASSERT_TRUE(AllSay("orders", {Port(0), Port(1)}));
    lookup->KeepPorts();
    lookup->Kill(SIGKILL);
    lookup->Wait();
    // Nobody minds its absence.
    const absl::Time before = absl::Now();
    EXPECT_TRUE(IsOk(Publish(*nodes_[0], absl::StrCat("new", lookup->pid()))));
    EXPECT_LT(absl::Now() - before, absl::Seconds(2));
    ASSERT_TRUE(lookup->Start().ok()) << lookup->standard_error();
    const absl::Time begin = absl::Now();
    EXPECT_TRUE(AllSay("orders", {Port(0), Port(1)}));
    EXPECT_LT(absl::Now() - begin, 2 * kPing);
  }
}

TEST_F(ClusterTest, ANodeThatIsKilledIsGoneAtOnceAndComesBack) {
  for (auto& node : nodes_) ASSERT_TRUE(IsOk(Publish(*node, "orders")));
  ASSERT_TRUE(AllSay("orders", {Port(0), Port(1), Port(2)}));
  nodes_[1]->Kill(SIGKILL);
  nodes_[1]->Wait();
  EXPECT_TRUE(AllSay("orders", {Port(0), Port(2)}));
  ASSERT_TRUE(nodes_[1]->Start().ok());
  EXPECT_TRUE(AllSay("orders", {Port(0), Port(1), Port(2)}));
}

TEST_F(ClusterTest, ADrainingNodeIsForgottenBeforeItStops) {
  ASSERT_TRUE(IsOk(Publish(*nodes_[0], "orders")));
  ASSERT_TRUE(AllSay("orders", {Port(0)}));
  NodeClient client(nodes_[0]->grpc_address());
  ASSERT_TRUE(IsOk(client.Call(v1::DrainRequest())));
  EXPECT_TRUE(AllSay("orders", {}));
  EXPECT_TRUE(nodes_[0]->running());
  EXPECT_EQ(asks_[0]->Nodes().size(), 2u);
}

TEST_F(ClusterTest, AllStopCleanlyInAnyOrder) {
  ASSERT_TRUE(IsOk(Publish(*nodes_[0], "orders")));
  lookups_[0]->Kill(SIGTERM);
  EXPECT_EQ(lookups_[0]->Wait(), 0) << lookups_[0]->standard_error();
  for (auto& node : nodes_) {
    node->Kill(SIGTERM);
    EXPECT_EQ(node->Wait(), 0) << node->standard_error();
  }
  EXPECT_TRUE(Eventually([&] { return asks_[1]->Nodes().empty(); }));
  lookups_[1]->Kill(SIGTERM);
  EXPECT_EQ(lookups_[1]->Wait(), 0) << lookups_[1]->standard_error();
}

TEST_F(ClusterTest, ATopicThatIsNewOnANodeGetsTheChannelsItHasElsewhere) {
  v1::CreateChannelRequest create;
  create.set_topic("orders");
  for (const char* const channel : {"archive", "tail#ephemeral"}) {
    ASSERT_TRUE(IsOk(Publish(*nodes_[0], "orders")));
    create.set_channel(channel);
    ASSERT_TRUE(IsOk(NodeClient(nodes_[0]->grpc_address()).Call(create)));
  }
  ASSERT_TRUE(IsOk(asks_[1]->CreateChannel("orders", "mail")));
  ASSERT_TRUE(Eventually([&] {
    return asks_[0]->ChannelsOf("orders") ==
           std::vector<std::string>{"archive", "tail#ephemeral"};
  }));
  ASSERT_TRUE(IsOk(Publish(*nodes_[1], "orders")));
  EXPECT_THAT(ChannelsOn(*nodes_[1], "orders"), ElementsAre("archive", "mail"));
  // They begin before the message that made the topic.
  v1::GetStatsRequest stats;
  stats.set_topic("orders");
  v1::GetStatsResponse response;
  ASSERT_TRUE(
      IsOk(NodeClient(nodes_[1]->grpc_address()).Call(stats, &response)));
  for (const auto& channel : response.topics(0).channels()) {
    EXPECT_EQ(channel.depth(), 1u) << channel.channel();
  }
  // So does a topic that is created, not published to.
  v1::CreateTopicRequest topic;
  topic.set_topic("orders");
  ASSERT_TRUE(IsOk(NodeClient(nodes_[2]->grpc_address()).Call(topic)));
  EXPECT_THAT(ChannelsOn(*nodes_[2], "orders"), ElementsAre("archive", "mail"));
}

TEST_F(ClusterTest, ATombstoneHidesANodeForATime) {
  ASSERT_TRUE(IsOk(Publish(*nodes_[0], "orders")));
  ASSERT_TRUE(IsOk(Publish(*nodes_[1], "orders")));
  ASSERT_TRUE(AllSay("orders", {Port(0), Port(1)}));
  for (const v1::NodeInfo& node : asks_[0]->Nodes()) {
    if (static_cast<int>(node.grpc_port()) != Port(0)) continue;
    for (auto& ask : asks_) {
      ASSERT_TRUE(IsOk(ask->Tombstone("orders", node.node_id())));
    }
  }
  EXPECT_TRUE(AllSay("orders", {Port(1)}));
  EXPECT_TRUE(AllSay("orders", {Port(0), Port(1)}));
}

TEST_F(ClusterTest, ATopicDeletedAtALookupComesBackWithTheNextPing) {
  ASSERT_TRUE(IsOk(Publish(*nodes_[0], "orders")));
  ASSERT_TRUE(AllSay("orders", {Port(0)}));
  ASSERT_TRUE(IsOk(asks_[0]->DeleteTopic("orders")));
  EXPECT_TRUE(AllSay("orders", {Port(0)}));
}

TEST_F(ClusterTest, RefusesWhatIsNoName) {
  EXPECT_TRUE(IsInvalid(asks_[0]->CreateChannel("no name", "x"), "INVALID_NAME",
                        "topic"));
  EXPECT_TRUE(IsInvalid(asks_[0]->CreateChannel("orders", ""), "INVALID_NAME",
                        "channel"));
  EXPECT_TRUE(
      IsInvalid(asks_[0]->DeleteTopic("#ephemeral"), "INVALID_NAME", "topic"));
  EXPECT_TRUE(
      IsInvalid(asks_[0]->Tombstone("", "n1"), "INVALID_NAME", "topic"));
}

TEST_F(ClusterTest, AWrongPortIsSaidAndSlowsNothing) {
  NodeProcess node({"--lookup-address=" + lookups_[0]->http_address(),
                    "--lookup-address=" + lookups_[1]->grpc_address(),
                    "--broadcast-address=127.0.0.1"});
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  ASSERT_TRUE(Eventually([&] {
    const nlohmann::json info = Get(node, "/info");
    return info.is_object() && info["lookups"][0]["failures"] > 0 &&
           info["lookups"][1]["registered"] == true;
  }));
  const absl::Time begin = absl::Now();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(IsOk(Publish(node, absl::StrCat("topic", i))));
  }
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  EXPECT_TRUE(Eventually([&] { return asks_[1]->Topics().size() == 20; }));
  EXPECT_THAT(asks_[0]->Topics(), IsEmpty());
  EXPECT_THAT(node.standard_error(),
              ::testing::HasSubstr(lookups_[0]->http_address()));
  node.Kill(SIGTERM);
  EXPECT_EQ(node.Wait(), 0);
}

}  // namespace
}  // namespace sluice
