// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// One message that nobody finishes, while very many others pass.
#include <signal.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

constexpr int kBatch = 4000;

// More than the window of a channel. SLUICE_PARKING_MESSAGES in the environment
// asks for another number, such as 5000000.
int Messages() {
  int messages = 1'200'000;
  const char* const given = std::getenv("SLUICE_PARKING_MESSAGES");
  if (given != nullptr) {
    EXPECT_TRUE(absl::SimpleAtoi(given, &messages)) << given;
  }
  return messages;
}

TEST(ParkingTest, AMessageThatNobodyFinishesDoesNotHoldTheLog) {
  const int messages = Messages();
  NodeProcess node({"--durability=os"});
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  auto client = std::make_unique<NodeClient>(node.grpc_address());
  client->PublishOne("t", "pinned");
  v1::Open open = OpenOf("t", "c", 1);
  open.mutable_message_timeout()->set_seconds(900);
  SubscriberSession holder(*client, open);
  ASSERT_EQ(holder.ExpectDelivery().body(), "pinned");

  open = OpenOf("t", "c", 2500);
  open.set_auto_finish(true);
  SubscriberSession worker(*client, open);
  const std::vector<std::string> batch(kBatch, "12345678");
  for (int sent = 0; sent < messages; sent += kBatch) {
    client->Publish("t", batch);
    ASSERT_EQ(worker.ExpectDeliveries(kBatch).size(), size_t{kBatch});
  }
  // A tenth of what was published is far above what may stay.
  const uint64_t bound = static_cast<uint64_t>(messages) * 12 / 2;
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  v1::TopicStats topic = client->TopicStatsOf("t");
  while (topic.log_bytes() > bound && absl::Now() < deadline) {
    client->Publish("t", {"more"});
    worker.ExpectDelivery();
    absl::SleepFor(absl::Milliseconds(200));
    topic = client->TopicStatsOf("t");
  }
  EXPECT_LE(topic.log_bytes(), bound);
  EXPECT_EQ(client->ChannelStatsOf("t", "c").in_flight_count(), 1);
  absl::SleepFor(absl::Seconds(2));  // so that cursors are saved

  node.Kill(SIGKILL);
  node.Wait();
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  client = std::make_unique<NodeClient>(node.grpc_address());
  SubscriberSession next(*client, OpenOf("t", "c", 1));
  const v1::Delivery again = next.ExpectDelivery();
  EXPECT_EQ(again.body(), "pinned");
  EXPECT_EQ(again.message_id(), 1);
  EXPECT_EQ(again.attempts(), 2);
  next.Finish({again.delivery_id()});
  next.Close();
  next.ExpectClosed();
  EXPECT_EQ(client->ChannelStatsOf("t", "c").depth(), 0);
}

}  // namespace
}  // namespace sluice
