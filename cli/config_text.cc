// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/config_text.h"

namespace sluice {

std::string PausedText(bool paused) { return paused ? "paused" : "active"; }

std::string DurabilityText(v1::Durability durability) {
  switch (durability) {
    case v1::DURABILITY_UNSPECIFIED:
      return "default";
    case v1::DURABILITY_MEMORY:
      return "memory";
    case v1::DURABILITY_OS:
      return "os";
    case v1::DURABILITY_DISK:
      return "disk";
    default:
      return "unknown";
  }
}

std::string MessageStateText(v1::MessageState state) {
  switch (state) {
    case v1::MESSAGE_STATE_UNSPECIFIED:
      return "-";
    case v1::MESSAGE_STATE_READY:
      return "ready";
    case v1::MESSAGE_STATE_IN_FLIGHT:
      return "in-flight";
    case v1::MESSAGE_STATE_DEFERRED:
      return "deferred";
    default:
      return "unknown";
  }
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::LocalTimeZone());
}

}  // namespace sluice
