// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/durability.h"

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

}  // namespace sluice
