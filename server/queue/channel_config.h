// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_CHANNEL_CONFIG_H_
#define SLUICE_SERVER_QUEUE_CHANNEL_CONFIG_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sluice {

// What can be set for a channel.
struct ChannelConfig {
  uint32_t max_attempts = 0;      // deliveries of a message; 0 = no limit
  std::string dead_letter_topic;  // where it goes after them; empty = nowhere

  friend bool operator==(const ChannelConfig& a, const ChannelConfig& b) {
    return a.max_attempts == b.max_attempts &&
           a.dead_letter_topic == b.dead_letter_topic;
  }
};

// New values for some fields of a config.
struct ChannelConfigChange {
  ChannelConfig values;
  bool sets_max_attempts = false;
  bool sets_dead_letter_topic = false;

  ChannelConfig ApplyTo(ChannelConfig config) const;
};

// The config of a channel of `topic`: INVALID_NAME for a dead-letter topic that
// is no name, INVALID_CONFIG for the topic itself, whose messages would go
// round for ever.
absl::Status ValidateChannelConfig(absl::string_view topic,
                                   const ChannelConfig& config);

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_CHANNEL_CONFIG_H_
