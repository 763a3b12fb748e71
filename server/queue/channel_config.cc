// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/channel_config.h"

#include "base/error.h"
#include "base/names.h"

namespace sluice {

ChannelConfig ChannelConfigChange::ApplyTo(ChannelConfig config) const {
  if (sets_max_attempts) config.max_attempts = values.max_attempts;
  if (sets_dead_letter_topic) {
    config.dead_letter_topic = values.dead_letter_topic;
  }
  return config;
}

absl::Status ValidateChannelConfig(absl::string_view topic,
                                   const ChannelConfig& config) {
  const std::string& target = config.dead_letter_topic;
  if (target.empty()) return absl::OkStatus();
  if (target == topic) {
    return InvalidArgument("INVALID_CONFIG", "config.dead_letter_topic",
                           "a topic cannot be its own dead-letter topic");
  }
  return ValidateName("config.dead_letter_topic", target);
}

}  // namespace sluice
