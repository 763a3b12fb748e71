// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/stats_conversion.h"

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(StatsConversion, ATopicBringsItsChannelsAndTheirClients) {
  SubscriberStats subscriber;
  subscriber.client_id = "worker";
  subscriber.delivery_count = 12;
  ChannelStats channel;
  channel.channel = "mail";
  channel.depth = 5;
  channel.in_flight_count = 2;
  channel.oldest_message_age = absl::Seconds(3);
  channel.subscribers.push_back(subscriber);
  TopicStats topic;
  topic.topic = "orders";
  topic.log_bytes = 99;
  topic.durability = Durability::kOs;
  topic.channels.push_back(channel);

  v1::TopicStats wire;
  ToWire(topic, &wire);

  EXPECT_EQ(wire.topic(), "orders");
  EXPECT_EQ(wire.log_bytes(), 99u);
  EXPECT_EQ(wire.durability(), v1::DURABILITY_OS);
  ASSERT_EQ(wire.channels_size(), 1);
  EXPECT_EQ(wire.channels(0).channel(), "mail");
  EXPECT_EQ(wire.channels(0).depth(), 5u);
  EXPECT_EQ(wire.channels(0).in_flight_count(), 2u);
  EXPECT_EQ(wire.channels(0).oldest_message_age().seconds(), 3);
  ASSERT_EQ(wire.channels(0).clients_size(), 1);
  EXPECT_EQ(wire.channels(0).clients(0).client_id(), "worker");
  EXPECT_EQ(wire.channels(0).clients(0).message_count(), 12u);
}

TEST(StatsConversion, AnEmptyChannelHasNoOldestMessage) {
  v1::ChannelStats wire;
  ToWire(ChannelStats(), &wire);
  EXPECT_FALSE(wire.has_oldest_message_age());
}

TEST(StatsConversion, AnUnhealthyNodeSaysWhy) {
  v1::ServerInfo wire;
  ToWire(NodeIdentity(),
         MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                   "the disk failed"),
         true, &wire);
  EXPECT_FALSE(wire.healthy());
  EXPECT_EQ(wire.unhealthy_reason(), "the disk failed");
  EXPECT_TRUE(wire.draining());
}

}  // namespace
}  // namespace sluice
