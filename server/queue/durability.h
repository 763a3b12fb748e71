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

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_DURABILITY_H_
