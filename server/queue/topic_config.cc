// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/topic_config.h"

#include <algorithm>

#include "base/error.h"

namespace sluice {

TopicConfig TopicConfigChange::ApplyTo(TopicConfig config) const {
  if (sets_durability) config.durability = values.durability;
  if (sets_mem_queue_size) config.mem_queue_size = values.mem_queue_size;
  if (sets_retention) config.retention = values.retention;
  return config;
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

absl::Status ValidateTopicConfig(const TopicConfig& config, bool ephemeral,
                                 const WriteRules& defaults) {
  const uint32_t queue_size =
      config.mem_queue_size.value_or(defaults.mem_queue_size);
  if (config.durability == Durability::kMemory && queue_size == 0) {
    return InvalidArgument(
        "INVALID_CONFIG", "config.durability",
        "durability MEMORY needs a mem_queue_size above 0: there would be no "
        "memory queue to keep the messages in");
  }
  if (ephemeral && config.retention > absl::ZeroDuration()) {
    return InvalidArgument(
        "INVALID_CONFIG", "config.retention",
        "an ephemeral topic cannot keep finished messages: it has no log");
  }
  return absl::OkStatus();
}

}  // namespace sluice
