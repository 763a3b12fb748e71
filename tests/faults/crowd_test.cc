// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Very many of something: idle subscribers, topics and channels.
//   --streams=N  2 000 unless told
#include <signal.h>

#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/faults/idle_streams.h"
#include "tests/faults/resident_memory.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

int streams = 2000;
constexpr int kPerConnection = 100;
// 300 MB for 10 000, with what a node needs anyway left out.
constexpr int64_t kBytesPerStreamMax = 30'000;

TEST(CrowdTest, AnIdleSubscriberCostsLittleAndDelaysNobody) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  NodeClient client(node.grpc_address());
  client.CreateTopic("idle");
  client.CreateChannel("idle", "c");
  const int64_t before = ResidentBytes(node.pid());
  {
    IdleStreams crowd(node.grpc_address(), "idle", "c", streams,
                      kPerConnection);
    ASSERT_TRUE(crowd.WaitUntilOpened());
    EXPECT_EQ(client.ChannelStatsOf("idle", "c").client_count(), streams);
    const int64_t each = (ResidentBytes(node.pid()) - before) / streams;
    std::cout << each << " bytes a stream" << std::endl;
    EXPECT_LT(each, kBytesPerStreamMax);

    SubscriberSession session(client, OpenOf("busy", "c", 1));
    session.ExpectOpened();
    client.PublishNumbers("busy", 1);
    session.ExpectDelivery();
  }
  EXPECT_TRUE(Eventually(
      [&] { return client.ChannelStatsOf("idle", "c").client_count() == 0; }));
}

TEST(CrowdTest, AThousandTopicsOfTenChannelsAreAllThereAfterAnyRestart) {
  constexpr int kTopics = 1000;
  constexpr int kChannels = 10;
  constexpr int kThreads = 8;
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      NodeClient client(node.grpc_address());
      for (int t = i; t < kTopics; t += kThreads) {
        const std::string topic = absl::StrCat("topic-", t);
        client.CreateTopic(topic);
        for (int c = 0; c < kChannels; ++c) {
          client.CreateChannel(topic, absl::StrCat("channel-", c));
        }
        client.PublishNumbers(topic, 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int signal : {SIGKILL, SIGTERM}) {
    node.Kill(signal);
    node.Wait();
    const absl::Time begin = absl::Now();
    ASSERT_TRUE(node.Start().ok()) << node.standard_error();
    std::cout << "started after " << absl::Now() - begin << std::endl;
    NodeClient client(node.grpc_address());
    v1::GetStatsResponse stats;
    ASSERT_TRUE(IsOk(client.Call(v1::GetStatsRequest(), &stats)));
    ASSERT_EQ(stats.topics_size(), kTopics);
    for (const v1::TopicStats& topic : stats.topics()) {
      ASSERT_EQ(topic.channels_size(), kChannels) << topic.topic();
      for (const v1::ChannelStats& channel : topic.channels()) {
        ASSERT_EQ(channel.depth(), 1) << topic.topic();
      }
    }
  }
}

}  // namespace
}  // namespace sluice

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (!absl::ConsumePrefix(&argument, "--streams=") ||
        !absl::SimpleAtoi(argument, &sluice::streams)) {
      std::cerr << "not understood: " << argv[i] << std::endl;
      return 2;
    }
  }
  return RUN_ALL_TESTS();
}
