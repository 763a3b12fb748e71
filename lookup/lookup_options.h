// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_LOOKUP_OPTIONS_H_
#define SLUICE_LOOKUP_LOOKUP_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "daemon/flags/flag_set.h"
#include "daemon/host_port.h"
#include "daemon/logging/logging.h"

namespace sluice {

// Everything that can be set about a lookup server, checked. `sluice-lookupd
// --help` explains each. The initialisers are the defaults.
struct LookupOptions {
  HostPort grpc_address{"0.0.0.0", 4160};
  HostPort http_address{"0.0.0.0", 4161};
  std::string address_file;  // empty: none
  absl::Duration inactive_producer_timeout = absl::Minutes(5);
  absl::Duration tombstone_lifetime = absl::Seconds(45);
  absl::Duration ping_interval = absl::Seconds(15);
  std::string log_level = "info";
  LogFormat log_format = LogFormat::kText;
};

// What a command line asks for: to serve, or only to print something.
struct ParsedLookupOptions {
  LookupOptions options;
  // Print this to stdout and exit 0 instead of serving.
  absl::optional<std::string> output;
};

// Reads the arguments of `sluice-lookupd` (without the program's name), its
// environment and its configuration file. INVALID_ARGUMENT is one sentence
// about the first thing that is wrong.
absl::StatusOr<ParsedLookupOptions> ParseLookupOptions(
    const std::vector<std::string>& arguments, const FlagSources& sources);

}  // namespace sluice

#endif  // SLUICE_LOOKUP_LOOKUP_OPTIONS_H_
