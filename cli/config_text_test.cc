// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/config_text.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(ConfigText, UsesTheWordsOfTheFlags) {
  EXPECT_EQ(DurabilityText(v1::DURABILITY_DISK), "disk");
  EXPECT_EQ(DurabilityText(v1::DURABILITY_UNSPECIFIED), "default");
  EXPECT_EQ(MessageStateText(v1::MESSAGE_STATE_IN_FLIGHT), "in-flight");
  EXPECT_EQ(PausedText(true), "paused");
}

TEST(ConfigText, SurvivesValuesOfANewerNode) {
  EXPECT_EQ(DurabilityText(static_cast<v1::Durability>(77)), "unknown");
  EXPECT_EQ(MessageStateText(static_cast<v1::MessageState>(77)), "unknown");
}

}  // namespace
}  // namespace sluice
