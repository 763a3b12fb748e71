// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_FLAGS_CONFIG_FILE_H_
#define SLUICE_DAEMON_FLAGS_CONFIG_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sluice {

// One `key = value` of a configuration file.
struct ConfigEntry {
  std::string key;
  std::string value;  // as a flag would be given it
  int line = 0;
};

// Reads the text of a TOML file whose top-level keys are flags without their
// dashes: `max-rdy-count = 100`, `msg-timeout = "60s"`, `auto-create = false`.
// INVALID_ARGUMENT names `name` (the file), the line and what is wrong. Whether
// a key is known is for the caller to say.
absl::StatusOr<std::vector<ConfigEntry>> ParseConfig(absl::string_view name,
                                                     absl::string_view text);

}  // namespace sluice

#endif  // SLUICE_DAEMON_FLAGS_CONFIG_FILE_H_
