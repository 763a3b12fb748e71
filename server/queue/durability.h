// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_DURABILITY_H_
#define SLUICE_SERVER_QUEUE_DURABILITY_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace sluice {

// When a publish is answered, weakest first, so that the stronger of two is the
// greater one.
enum class Durability : uint8_t {
  kUnspecified = 0,  // whatever the topic, then the node, says
  kMemory = 1,       // in the topic's memory queue: survives a clean stop only
  kOs = 2,           // in the log, not yet fsynced: survives SIGKILL
  kDisk = 3,         // fsynced: survives power loss
};

// "memory", "os", "disk"; nothing for any other text.
absl::optional<Durability> ParseDurability(absl::string_view text);
absl::string_view DurabilityName(Durability durability);

// What a topic is created with; unset fields follow the node's flags.
struct TopicConfig {
  Durability durability = Durability::kUnspecified;
  // Messages kept in memory before the topic overflows to the backlog on disk.
  absl::optional<uint32_t> mem_queue_size;

  friend bool operator==(const TopicConfig& a, const TopicConfig& b) {
    return a.durability == b.durability && a.mem_queue_size == b.mem_queue_size;
  }
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

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_DURABILITY_H_
