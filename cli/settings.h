// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_SETTINGS_H_
#define SLUICE_CLI_SETTINGS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/output_format.h"

namespace sluice {

// What all verbs share, from flags, environment and configuration file.
struct Settings {
  // HOST:PORT of each node, or anything else that gRPC can resolve. Empty when
  // `lookups` tell where the nodes are.
  std::vector<std::string> addresses = {"127.0.0.1:4150"};

  // HOST:PORT of each lookup node. All are asked, and the union counts.
  std::vector<std::string> lookups;

  // Whether results are told node by node: always with lookups, so that what a
  // script reads does not change with the number of nodes.
  bool many_nodes() const { return !lookups.empty() || addresses.size() > 1; }

  // How long a call may take; for verbs that stream, the whole verb. Unset:
  // kDefaultCallTimeout for calls, no limit for streams.
  std::optional<absl::Duration> timeout;

  // What the user asked for anywhere, and whether it was on the command line.
  // Verbs ask ChooseFormat.
  std::optional<OutputFormat> output;
  bool output_from_command_line = false;

  // Say on stderr what was done, even when nobody is watching.
  bool verbose = false;
};

constexpr absl::Duration kDefaultCallTimeout = absl::Seconds(10);

// The flags of that name as they were given, before they are understood.
struct SettingFlags {
  std::vector<std::string> addresses;
  std::vector<std::string> lookups;
  std::optional<std::string> timeout;
  std::optional<std::string> output;
  std::optional<std::string> config;
  bool verbose = false;
};

// Looks up an environment variable; null when it is not set.
using Environment = std::function<const char*(const char*)>;

// The settings by precedence: flag, environment (SLUICE_ADDRESS, SLUICE_LOOKUP,
// SLUICE_TIMEOUT, SLUICE_OUTPUT, and SLUICE_CONFIG for the file), configuration
// file (TOML, keys as the flags), default. Several addresses are separated by
// commas in a variable and are an array in the file. Addresses and lookups
// exclude each other at the same level; a higher level's replace a lower one's.
// INVALID_ARGUMENT for a value that makes no sense, wherever it came from, for
// a file that cannot be read, and for an unknown key.
absl::Status ResolveSettings(const SettingFlags& flags,
                             const Environment& environment,
                             Settings* settings);

}  // namespace sluice

#endif  // SLUICE_CLI_SETTINGS_H_
