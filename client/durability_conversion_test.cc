// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/durability_conversion.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(DurabilityConversion, GoesBothWays) {
  for (const PublishDurability durability :
       {PublishDurability::kTopicDefault, PublishDurability::kMemory,
        PublishDurability::kOs, PublishDurability::kDisk}) {
    EXPECT_EQ(FromProto(ToProto(durability)), durability);
  }
  EXPECT_EQ(ToProto(PublishDurability::kDisk), v1::DURABILITY_DISK);
}

TEST(DurabilityConversion, WhatIsUnknownIsTheTopicsOwn) {
  EXPECT_EQ(FromProto(static_cast<v1::Durability>(99)),
            PublishDurability::kTopicDefault);
}

}  // namespace
}  // namespace sluice
