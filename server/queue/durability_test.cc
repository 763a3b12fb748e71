// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/durability.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(Durability, TheStrongerIsTheGreater) {
  EXPECT_LT(Durability::kMemory, Durability::kOs);
  EXPECT_LT(Durability::kOs, Durability::kDisk);
  EXPECT_LT(Durability::kUnspecified, Durability::kMemory);
}

TEST(Durability, NamesAreReadAsTheyAreWritten) {
  for (const Durability durability :
       {Durability::kMemory, Durability::kOs, Durability::kDisk}) {
    EXPECT_EQ(ParseDurability(DurabilityName(durability)), durability);
  }
  EXPECT_FALSE(ParseDurability("unspecified").has_value());
  EXPECT_FALSE(ParseDurability("DISK").has_value());
  EXPECT_FALSE(ParseDurability("").has_value());
}

TEST(WriteRules, ATopicThatSetsNothingFollowsTheNode) {
  const WriteRules rules = ResolveWriteRules({}, {Durability::kMemory, 7});
  EXPECT_EQ(rules.durability, Durability::kMemory);
  EXPECT_EQ(rules.mem_queue_size, 7u);
}

TEST(WriteRules, ATopicMayBeStrongerOrWeakerThanTheNode) {
  EXPECT_EQ(ResolveWriteRules({Durability::kDisk, {}}, {Durability::kMemory, 7})
                .durability,
            Durability::kDisk);
  EXPECT_EQ(ResolveWriteRules({Durability::kMemory, 5u}, {Durability::kDisk, 0})
                .durability,
            Durability::kMemory);
}

TEST(WriteRules, WithoutAMemoryQueueNothingIsKeptInMemoryOnly) {
  EXPECT_EQ(ResolveWriteRules({Durability::kMemory, 0u}, {Durability::kDisk, 9})
                .durability,
            Durability::kOs);
  EXPECT_EQ(ResolveWriteRules({}, {Durability::kMemory, 0}).durability,
            Durability::kOs);
}

}  // namespace
}  // namespace sluice
