// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What a node still does, and no longer does, while it drains: asked to by
// SIGTERM, which also ends it, or by a client.
#include <signal.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/publisher_session.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

constexpr auto kUnavailable = absl::StatusCode::kUnavailable;

// Drains `node` in the middle of everything, by `begin`, and checks what goes
// on and what does not. Returns the one delivery that is still leased.
uint64_t DrainAmidWork(NodeProcess& node, NodeClient& client,
                       SubscriberSession& session,
                       const std::function<void()>& begin) {
  const auto ids = IdsOf(session.ExpectDeliveries(2));
  PublisherSession publisher(client);
  publisher.Send(1, PublishOf("u", {"before"}));
  EXPECT_TRUE(publisher.ExpectResult(1).has_published());

  begin();
  EXPECT_TRUE(Eventually([&session] { return session.draining(); }));
  session.Touch({ids[0]});
  session.Finish({ids[0]});
  for (const auto& result : session.ExpectResults(2)) {
    EXPECT_EQ(result.outcome(), v1::COMMAND_OUTCOME_OK);
  }
  session.Ready(100);
  session.ExpectNoDelivery();

  EXPECT_TRUE(IsRetryable(client.Call(PublishOf("t", {"x"})), kUnavailable,
                          "DRAINING"));
  for (const uint64_t correlation_id : {2, 3}) {
    publisher.Send(correlation_id, PublishOf("u", {"after"}));
    EXPECT_TRUE(
        IsRetryable(OutcomeOf(publisher.ExpectResult(correlation_id).error()),
                    kUnavailable, "DRAINING"));
  }
  SubscriberSession late(client, OpenOf("t", "c", 1));
  EXPECT_TRUE(IsRetryable(late.ExpectEnd(), kUnavailable, "DRAINING"));
  std::string health;
  EXPECT_TRUE(IsOk(client.CheckHealth("", &health)));
  EXPECT_EQ(health, "NOT_SERVING");
  v1::GetServerInfoResponse info;
  EXPECT_TRUE(IsOk(client.Call(v1::GetServerInfoRequest(), &info)));
  EXPECT_TRUE(info.server().draining());
  EXPECT_TRUE(info.server().healthy());
  EXPECT_TRUE(node.running());
  return ids[1];
}

v1::Open ConfirmingOpen() {
  v1::Open open = OpenOf("t", "c", 2);
  open.set_confirm_commands(true);
  return open;
}

TEST(DrainTest, EndsAWatchOfItsStatsWithAReason) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok());
  NodeClient client(node.grpc_address());
  bool stopping = false;
  const Outcome outcome = client.WatchStats(v1::WatchStatsRequest(),
                                            [&](const v1::WatchStatsResponse&) {
                                              if (!stopping) node.Kill(SIGTERM);
                                              stopping = true;
                                              return true;
                                            });
  EXPECT_TRUE(IsRetryable(outcome, kUnavailable, "DRAINING"));
}

TEST(DrainTest, LetsSubscribersFinishAndTakesNothingNew) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok());
  {
    NodeClient client(node.grpc_address());
    client.PublishNumbers("t", 5);
    SubscriberSession session(client, ConfirmingOpen());
    const uint64_t held =
        DrainAmidWork(node, client, session, [&node] { node.Kill(SIGTERM); });
    session.Requeue({held});
    EXPECT_EQ(node.Wait(), 0) << node.standard_error();
  }
  ASSERT_TRUE(node.Start().ok());
  NodeClient client(node.grpc_address());
  EXPECT_EQ(client.ChannelStatsOf("t", "c").depth(), 4);
  EXPECT_EQ(client.TopicStatsOf("u").depth(), 1);
}

TEST(DrainTest, AskedForByAClientItEndsNeitherTheNodeNorAStream) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok());
  NodeClient client(node.grpc_address());
  client.PublishNumbers("t", 5);
  SubscriberSession session(client, ConfirmingOpen());
  const uint64_t held = DrainAmidWork(node, client, session, [&client] {
    EXPECT_TRUE(IsOk(client.Call(v1::DrainRequest())));
  });
  EXPECT_TRUE(IsOk(client.Call(v1::DrainRequest()))) << "again";
  // With nothing leased, SIGTERM would end it now; this does not.
  session.Requeue({held});
  session.ExpectResults(1);
  EXPECT_EQ(client.ChannelStatsOf("t", "c").in_flight_count(), 0);
  EXPECT_EQ(client.ChannelStatsOf("t", "c").depth(), 4);
  session.ExpectNoDelivery();
  EXPECT_EQ(client.ChannelStatsOf("t", "c").client_count(), 1);
  node.Kill(SIGTERM);
  EXPECT_EQ(node.Wait(), 0) << node.standard_error();
}

TEST(DrainTest, WaitsForLeasesNoLongerThanItIsTold) {
  NodeProcess node({"--drain-timeout=1s"});
  ASSERT_TRUE(node.Start().ok());
  NodeClient client(node.grpc_address());
  client.PublishNumbers("t", 5);
  SubscriberSession session(client, OpenOf("t", "c", 2));
  session.ExpectDeliveries(2);
  const absl::Time asked = absl::Now();
  node.Kill(SIGTERM);
  EXPECT_EQ(node.Wait(), 0) << node.standard_error();
  EXPECT_GE(absl::Now() - asked, absl::Milliseconds(900));
  session.ExpectEnd();
}

TEST(DrainTest, EndsASubscriptionThatClosesWithOk) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok());
  NodeClient client(node.grpc_address());
  client.PublishNumbers("t", 1);
  SubscriberSession session(client, OpenOf("t", "c", 1));
  const auto held = session.ExpectDelivery();
  node.Kill(SIGTERM);
  EXPECT_TRUE(Eventually([&session] { return session.draining(); }));
  session.Close();
  session.Finish({held.delivery_id()});
  session.ExpectClosed();
  EXPECT_EQ(node.Wait(), 0) << node.standard_error();
}

}  // namespace
}  // namespace sluice
