// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_TOPIC_CONFIG_H_
#define SLUICE_SERVER_QUEUE_TOPIC_CONFIG_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "server/queue/durability.h"

namespace sluice {

// What can be set for a topic; unset fields follow the node's flags.
struct TopicConfig {
  Durability durability = Durability::kUnspecified;
  // Messages kept in memory before the topic overflows to the backlog on disk.
  absl::optional<uint32_t> mem_queue_size;
  // Messages are kept at least this long after their publish, finished or not.
  absl::Duration retention;

  friend bool operator==(const TopicConfig& a, const TopicConfig& b) {
    return a.durability == b.durability &&
           a.mem_queue_size == b.mem_queue_size && a.retention == b.retention;
  }
};

// New values for some fields of a config.
struct TopicConfigChange {
  TopicConfig values;
  bool sets_durability = false;
  bool sets_mem_queue_size = false;
  bool sets_retention = false;

  TopicConfig ApplyTo(TopicConfig config) const;
};

// The rules a topic's messages are written under.
struct WriteRules {
  Durability durability = Durability::kDisk;
  uint32_t mem_queue_size = 0;
};

// Fills what `config` leaves open from `defaults`. A topic without a memory
// queue is never below kOs: there would be nowhere to keep its messages.
WriteRules ResolveWriteRules(const TopicConfig& config,
                             const WriteRules& defaults);

// INVALID_CONFIG for a config that cannot be kept: kMemory without a memory
// queue, or a retention on an ephemeral topic, which keeps nothing.
absl::Status ValidateTopicConfig(const TopicConfig& config, bool ephemeral,
                                 const WriteRules& defaults);

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_TOPIC_CONFIG_H_
