// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/lookup_options.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/version.h"
#include "daemon/flags/address_flag.h"
#include "daemon/flags/flag.h"

namespace sluice {
namespace {

constexpr char kProgram[] = "sluice-lookupd";

// The flags, and what they set. `log_format` is text until all is read.
void AddFlags(LookupOptions* options, std::string* log_format, FlagSet* flags) {
  flags->Group("Network");
  flags->Add(AddressFlag("grpc-address", &options->grpc_address,
                         "where to serve gRPC; port 0 takes a free\none"));
  flags->Add(AddressFlag("http-address", &options->http_address,
                         "where to serve HTTP: /lookup, /topics, /nodes\nand "
                         "more"));
  flags->Add(TextFlag("address-file", "FILE", &options->address_file,
                      "once serving, write the actual addresses\nthere as "
                      "JSON",
                      "none"));
  flags->Group("Nodes");
  flags->Add(DurationFlag(
      "inactive-producer-timeout", &options->inactive_producer_timeout,
      absl::Milliseconds(100), absl::Hours(24),
      "hide a node that has not been heard for\nthis long"));
  flags->Add(DurationFlag("tombstone-lifetime", &options->tombstone_lifetime,
                          absl::Milliseconds(100), absl::Hours(24),
                          "how long a tombstone hides a node for a\ntopic"));
  flags->Add(DurationFlag("ping-interval", &options->ping_interval,
                          absl::Milliseconds(100), absl::Hours(1),
                          "how often nodes are told to ping"));
  flags->Group("Logging");
  flags->Add(ChoiceFlag("log-level", &options->log_level,
                        {"debug", "info", "warn", "error"},
                        "least important lines to log"));
  flags->Add(ChoiceFlag("log-format", log_format, {"text", "json"},
                        "text, or JSON with one object a line"));
}

}  // namespace

absl::StatusOr<ParsedLookupOptions> ParseLookupOptions(
    const std::vector<std::string>& arguments, const FlagSources& sources) {
  LookupOptions options;
  std::string log_format = "text";
  FlagSet flags(kProgram,
                "sluice-lookupd, the lookup service of Sluice: tells which "
                "nodes have which topics.");
  AddFlags(&options, &log_format, &flags);
  SLUICE_ASSIGN_OR_RETURN(const FlagSet::Command command,
                          flags.Parse(arguments, sources));
  if (command == FlagSet::Command::kHelp) {
    return ParsedLookupOptions{options, flags.Help()};
  }
  if (command == FlagSet::Command::kVersion) {
    return ParsedLookupOptions{options,
                               absl::StrCat(kProgram, " ", kVersion, "\n")};
  }
  if (options.inactive_producer_timeout <= options.ping_interval) {
    return absl::InvalidArgumentError(
        absl::StrCat(flags.Describe("ping-interval"), ": must be below ",
                     flags.Describe("inactive-producer-timeout"),
                     ", or every node would be hidden between its pings"));
  }
  options.log_format =
      log_format == "json" ? LogFormat::kJson : LogFormat::kText;
  if (command == FlagSet::Command::kPrintConfig) {
    return ParsedLookupOptions{options, flags.PrintConfig()};
  }
  if (command == FlagSet::Command::kCheckConfig) {
    return ParsedLookupOptions{options, "the configuration is valid\n"};
  }
  return ParsedLookupOptions{options, absl::nullopt};
}

}  // namespace sluice
