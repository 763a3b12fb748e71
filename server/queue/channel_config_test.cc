// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/channel_config.h"

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(ChannelConfig, AChangeTouchesOnlyWhatItSets) {
  ChannelConfigChange change;
  change.values = {7, "elsewhere"};
  EXPECT_EQ(change.ApplyTo({3, "failed"}), (ChannelConfig{3, "failed"}));
  change.sets_max_attempts = true;
  EXPECT_EQ(change.ApplyTo({3, "failed"}), (ChannelConfig{7, "failed"}));
  change.sets_dead_letter_topic = true;
  EXPECT_EQ(change.ApplyTo({3, "failed"}), (ChannelConfig{7, "elsewhere"}));
}

TEST(ChannelConfig, TheDeadLetterTopicNeedsANameOfItsOwn) {
  EXPECT_TRUE(ValidateChannelConfig("orders", {}).ok());
  EXPECT_TRUE(ValidateChannelConfig("orders", {5, "failed"}).ok());
  const absl::Status bad = ValidateChannelConfig("orders", {5, "no name"});
  EXPECT_EQ(ErrorReason(bad), "INVALID_NAME");
  EXPECT_EQ(ErrorField(bad), "config.dead_letter_topic");
  EXPECT_EQ(ErrorReason(ValidateChannelConfig("orders", {5, "orders"})),
            "INVALID_CONFIG");
}

}  // namespace
}  // namespace sluice
