// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/config_conversion.h"

#include "absl/status/status.h"
#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(ConfigConversion, DurabilitySurvivesTheRoundTrip) {
  for (const v1::Durability wire :
       {v1::DURABILITY_UNSPECIFIED, v1::DURABILITY_MEMORY, v1::DURABILITY_OS,
        v1::DURABILITY_DISK}) {
    const auto durability = FromWire("durability", wire);
    ASSERT_TRUE(durability.ok());
    EXPECT_EQ(ToWire(*durability), wire);
  }
}

TEST(ConfigConversion, UnknownEnumValuesAreRefused) {
  const auto durability =
      FromWire("durability", static_cast<v1::Durability>(9));
  EXPECT_EQ(ErrorReason(durability.status()), "INVALID_ENUM");
  const auto start = FromWire("start", static_cast<v1::StartPosition>(9));
  EXPECT_EQ(ErrorReason(start.status()), "INVALID_ENUM");
  const auto state = FromWire("state", static_cast<v1::MessageState>(9));
  EXPECT_EQ(ErrorReason(state.status()), "INVALID_ENUM");
}

TEST(ConfigConversion, AMemoryQueueOfZeroDiffersFromNone) {
  v1::TopicConfig wire;
  EXPECT_FALSE(FromWire(wire)->mem_queue_size.has_value());
  wire.set_mem_queue_size(0);
  EXPECT_EQ(FromWire(wire)->mem_queue_size, 0u);
}

TEST(ConfigConversion, ANegativeRetentionIsRefused) {
  v1::TopicConfig wire;
  wire.mutable_retention()->set_seconds(-1);
  EXPECT_EQ(ErrorReason(FromWire(wire).status()), "INVALID_DURATION");
}

TEST(ConfigConversion, ARetentionIsNotImplemented) {
  v1::TopicConfig wire;
  wire.mutable_retention()->set_seconds(1);
  EXPECT_EQ(FromWire(wire).status().code(), absl::StatusCode::kUnimplemented);
}

TEST(ConfigConversion, TheDeadLetterTopicNeedsANameOfItsOwn) {
  v1::ChannelConfig wire;
  EXPECT_TRUE(CheckChannelConfig("orders", wire).ok());
  wire.set_dead_letter_topic("no name");
  EXPECT_EQ(ErrorReason(CheckChannelConfig("orders", wire)), "INVALID_NAME");
  wire.set_dead_letter_topic("orders");
  EXPECT_EQ(ErrorReason(CheckChannelConfig("orders", wire)), "INVALID_CONFIG");
  wire.set_dead_letter_topic("failed");
  EXPECT_EQ(ErrorReason(CheckChannelConfig("orders", wire)), "UNIMPLEMENTED");
}

TEST(ConfigConversion, ATopicShowsWhatWasConfigured) {
  TopicInfo topic;
  topic.name = "orders";
  topic.config.mem_queue_size = 0;
  topic.paused = true;
  topic.create_time = absl::FromUnixSeconds(7);
  v1::Topic wire;
  ToWire(topic, &wire);
  EXPECT_EQ(wire.name(), "orders");
  EXPECT_TRUE(wire.config().has_mem_queue_size());
  EXPECT_TRUE(wire.paused());
  EXPECT_EQ(wire.create_time().seconds(), 7);
}

}  // namespace
}  // namespace sluice
