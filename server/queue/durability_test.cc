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

}  // namespace
}  // namespace sluice
