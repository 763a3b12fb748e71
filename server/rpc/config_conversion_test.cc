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

TEST(ConfigConversion, AnEmptyMaskSetsTheWholeConfig) {
  v1::TopicConfig wire;
  wire.set_durability(v1::DURABILITY_OS);
  const auto change = FromWire(wire, google::protobuf::FieldMask());
  ASSERT_TRUE(change.ok()) << change.status();
  TopicConfig before;
  before.mem_queue_size = 5;
  before.retention = absl::Hours(1);
  EXPECT_EQ(change->ApplyTo(before), *FromWire(wire));
}

TEST(ConfigConversion, AMaskSetsWhatItNamesAndOverlooksTheRest) {
  v1::TopicConfig wire;
  wire.set_durability(static_cast<v1::Durability>(99));
  wire.mutable_retention()->set_seconds(60);
  google::protobuf::FieldMask mask;
  mask.add_paths("retention");
  mask.add_paths("mem_queue_size");
  const auto change = FromWire(wire, mask);
  ASSERT_TRUE(change.ok()) << change.status();
  TopicConfig before;
  before.durability = Durability::kDisk;
  before.mem_queue_size = 5;
  before.retention = absl::Hours(1);
  const TopicConfig after = change->ApplyTo(before);
  EXPECT_EQ(after.durability, Durability::kDisk);
  EXPECT_FALSE(after.mem_queue_size.has_value());
  EXPECT_EQ(after.retention, absl::Minutes(1));
}

TEST(ConfigConversion, AMaskThatNamesNoFieldIsRefusedByName) {
  google::protobuf::FieldMask mask;
  mask.add_paths("retention");
  mask.add_paths("colour");
  const absl::Status topic = FromWire(v1::TopicConfig(), mask).status();
  EXPECT_EQ(ErrorReason(topic), "INVALID_CONFIG");
  EXPECT_EQ(ErrorField(topic), "update_mask");
  EXPECT_NE(topic.message().find("colour"), std::string::npos);
  const absl::Status channel = FromWire(v1::ChannelConfig(), mask).status();
  EXPECT_EQ(ErrorReason(channel), "INVALID_CONFIG");
}

TEST(ConfigConversion, AChannelConfigIsReadWhole) {
  v1::ChannelConfig wire;
  wire.set_dead_letter_topic("failed");
  wire.set_max_attempts(3);
  const auto config = FromWire(wire);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(*config, (ChannelConfig{3, "failed"}));
}

TEST(ConfigConversion, AChannelShowsWhatWasConfigured) {
  ChannelInfo channel;
  channel.config = {3, "failed"};
  v1::Channel wire;
  ToWire(channel, &wire);
  EXPECT_EQ(wire.config().max_attempts(), 3u);
  EXPECT_EQ(wire.config().dead_letter_topic(), "failed");
}

TEST(ConfigConversion, ATopicShowsWhatWasConfigured) {
  TopicInfo topic;
  topic.name = "orders";
  topic.config.mem_queue_size = 0;
  topic.config.retention = absl::Minutes(2);
  topic.paused = true;
  topic.create_time = absl::FromUnixSeconds(7);
  v1::Topic wire;
  ToWire(topic, &wire);
  EXPECT_EQ(wire.name(), "orders");
  EXPECT_TRUE(wire.config().has_mem_queue_size());
  EXPECT_EQ(wire.config().retention().seconds(), 120);
  EXPECT_TRUE(wire.paused());
  EXPECT_EQ(wire.create_time().seconds(), 7);
}

}  // namespace
}  // namespace sluice
