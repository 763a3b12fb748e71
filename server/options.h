// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_OPTIONS_H_
#define SLUICE_SERVER_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "base/limits.h"
#include "daemon/flags/flag_set.h"
#include "daemon/host_port.h"
#include "daemon/logging/logging.h"
#include "server/queue/topic_config.h"

namespace sluice {

// Everything that can be set about a node, checked. `sluiced --help` explains
// each. The initialisers are the defaults.
struct Options {
  // Network.
  HostPort grpc_address{"0.0.0.0", 4150};
  HostPort http_address{"0.0.0.0", 4151};
  std::string broadcast_address;     // the host name
  uint32_t broadcast_grpc_port = 0;  // 0: the one that is listened on
  uint32_t broadcast_http_port = 0;
  std::vector<HostPort> lookup_addresses;  // of lookup servers to announce to
  std::string address_file;                // empty: none
  absl::Duration heartbeat_interval = absl::Seconds(30);
  absl::Duration heartbeat_timeout = absl::Seconds(10);

  // Storage.
  std::string data_path = "sluice-data";
  std::string node_id;  // empty: the one kept in the data directory
  WriteRules write_rules;
  absl::Duration sync_interval = absl::Seconds(2);
  uint64_t disk_floor_bytes = uint64_t{512} << 20;

  // Limits.
  Limits limits;
  uint64_t memory_limit_bytes = 0;  // a quarter of the machine's

  // Behaviour.
  bool auto_create = true;
  absl::Duration drain_timeout = absl::Seconds(25);

  // Logging.
  std::string log_level = "info";
  LogFormat log_format = LogFormat::kText;
};

// What a command line asks for: to serve, or only to print something.
struct ParsedOptions {
  Options options;
  // Print this to stdout and exit 0 instead of serving.
  absl::optional<std::string> output;
};

// Reads the arguments of `sluiced` (without the program's name), its
// environment and its configuration file. INVALID_ARGUMENT is one sentence
// about the first thing that is wrong.
absl::StatusOr<ParsedOptions> ParseOptions(
    const std::vector<std::string>& arguments, const FlagSources& sources);

}  // namespace sluice

#endif  // SLUICE_SERVER_OPTIONS_H_
