// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/durability.h"

#include <algorithm>

namespace sluice {

absl::optional<Durability> ParseDurability(absl::string_view text) {
  if (text == "memory") return Durability::kMemory;
  if (text == "os") return Durability::kOs;
  if (text == "disk") return Durability::kDisk;
  return absl::nullopt;
}

absl::string_view DurabilityName(Durability durability) {
  switch (durability) {
    case Durability::kMemory:
      return "memory";
    case Durability::kOs:
      return "os";
    case Durability::kDisk:
      return "disk";
    case Durability::kUnspecified:
      break;
  }
  return "unspecified";
}

WriteRules ResolveWriteRules(const TopicConfig& config,
                             const WriteRules& defaults) {
  WriteRules rules;
  rules.durability = config.durability == Durability::kUnspecified
                         ? defaults.durability
                         : config.durability;
  rules.mem_queue_size =
      config.mem_queue_size.value_or(defaults.mem_queue_size);
  if (rules.mem_queue_size == 0) {
    rules.durability = std::max(rules.durability, Durability::kOs);
  }
  return rules;
}

}  // namespace sluice
