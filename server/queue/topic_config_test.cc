// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/topic_config.h"

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TopicConfig Config(Durability durability, absl::optional<uint32_t> size) {
  TopicConfig config;
  config.durability = durability;
  config.mem_queue_size = size;
  return config;
}

TEST(TopicConfig, AChangeTouchesOnlyWhatItSets) {
  TopicConfig config = Config(Durability::kOs, 5u);
  config.retention = absl::Hours(1);
  TopicConfigChange change;
  change.values.durability = Durability::kDisk;
  EXPECT_EQ(change.ApplyTo(config), config);
  change.sets_durability = true;
  EXPECT_EQ(change.ApplyTo(config).durability, Durability::kDisk);
  EXPECT_EQ(change.ApplyTo(config).mem_queue_size, 5u);
  change.sets_mem_queue_size = true;
  EXPECT_FALSE(change.ApplyTo(config).mem_queue_size.has_value());
  EXPECT_EQ(change.ApplyTo(config).retention, absl::Hours(1));
  change.sets_retention = true;
  EXPECT_EQ(change.ApplyTo(config), change.values);
}

TEST(TopicConfig, MemoryNeedsAMemoryQueue) {
  const auto reason = [](const TopicConfig& config, WriteRules defaults) {
    return ErrorReason(ValidateTopicConfig(config, false, defaults));
  };
  EXPECT_EQ(reason(Config(Durability::kMemory, 0u), {}), "INVALID_CONFIG");
  EXPECT_EQ(reason(Config(Durability::kMemory, {}), {}), "INVALID_CONFIG");
  EXPECT_EQ(reason(Config(Durability::kMemory, {}), {Durability::kOs, 9}), "");
  EXPECT_EQ(reason(Config(Durability::kUnspecified, 0u), {}), "");
}

TEST(TopicConfig, OnlyALastingTopicCanKeepFinishedMessages) {
  TopicConfig config;
  config.retention = absl::Seconds(1);
  EXPECT_TRUE(ValidateTopicConfig(config, /*ephemeral=*/false, {}).ok());
  const absl::Status refused = ValidateTopicConfig(config, true, {});
  EXPECT_EQ(ErrorReason(refused), "INVALID_CONFIG");
  EXPECT_EQ(ErrorField(refused), "config.retention");
}

TEST(WriteRules, ATopicThatSetsNothingFollowsTheNode) {
  const WriteRules rules = ResolveWriteRules({}, {Durability::kMemory, 7});
  EXPECT_EQ(rules.durability, Durability::kMemory);
  EXPECT_EQ(rules.mem_queue_size, 7u);
}

TEST(WriteRules, ATopicMayBeStrongerOrWeakerThanTheNode) {
  EXPECT_EQ(
      ResolveWriteRules(Config(Durability::kDisk, {}), {Durability::kMemory, 7})
          .durability,
      Durability::kDisk);
  EXPECT_EQ(
      ResolveWriteRules(Config(Durability::kMemory, 5u), {Durability::kDisk, 0})
          .durability,
      Durability::kMemory);
}

TEST(WriteRules, WithoutAMemoryQueueNothingIsKeptInMemoryOnly) {
  EXPECT_EQ(
      ResolveWriteRules(Config(Durability::kMemory, 0u), {Durability::kDisk, 9})
          .durability,
      Durability::kOs);
  EXPECT_EQ(ResolveWriteRules({}, {Durability::kMemory, 0}).durability,
            Durability::kOs);
}

}  // namespace
}  // namespace sluice
