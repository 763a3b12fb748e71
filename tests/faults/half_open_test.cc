// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Connections that are up and silent: a cable cut, a machine gone. Takes
// `--slow` for the heartbeat that a node has by default.
#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/faults/tcp_proxy.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

bool slow = false;

TEST(HalfOpenTest, LeasesOfASilentConnectionComeBackWithTheHeartbeat) {
  const auto interval = slow ? absl::Seconds(30) : absl::Seconds(1);
  const auto timeout = slow ? absl::Seconds(10) : absl::Seconds(1);
  NodeProcess node({"--heartbeat-interval=" + absl::FormatDuration(interval),
                    "--heartbeat-timeout=" + absl::FormatDuration(timeout)});
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  NodeClient client(node.grpc_address());
  client.PublishNumbers("t", 3);
  TcpProxy proxy(node.grpc_address());
  NodeClient far_client(proxy.address());
  SubscriberSession far_session(far_client, OpenOf("t", "c", 3));
  far_session.ExpectDeliveries(3);

  const absl::Time cut = absl::Now();
  proxy.GoSilent();
  SubscriberSession near_session(client, OpenOf("t", "c", 3));
  near_session.ExpectOpened();
  for (int i = 0; i < 3; ++i) {
    const auto delivery =
        near_session.NextDelivery(interval + timeout + kPatience);
    ASSERT_TRUE(delivery.has_value());
    EXPECT_EQ(delivery->attempts(), 2);
    near_session.Finish({delivery->delivery_id()});
  }
  // Before the message timeout of a minute could have done it.
  EXPECT_LT(absl::Now() - cut, absl::Seconds(55));
  EXPECT_TRUE(Eventually(
      [&] { return client.ChannelStatsOf("t", "c").client_count() == 1; }));
}

TEST(HalfOpenTest, ALivingConnectionOutlastsManyHeartbeats) {
  NodeProcess node({"--heartbeat-interval=1s", "--heartbeat-timeout=1s"});
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  NodeClient client(node.grpc_address());
  SubscriberSession session(client, OpenOf("t", "c", 3));
  session.ExpectOpened();
  session.ExpectNoDelivery(absl::Seconds(4));
  EXPECT_FALSE(session.ended());
  client.PublishNumbers("t", 1);
  session.ExpectDelivery();
}

}  // namespace
}  // namespace sluice

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (absl::string_view(argv[i]) == "--slow") sluice::slow = true;
  }
  return RUN_ALL_TESTS();
}
