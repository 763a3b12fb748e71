// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_LISTING_H_
#define SLUICE_CLI_LISTING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/exit_code.h"
#include "cli/number_text.h"
#include "cli/output_format.h"
#include "cli/settings.h"
#include "cli/table.h"

namespace google {
namespace protobuf {
class Message;
}  // namespace protobuf
}  // namespace google

namespace sluice {

// How administrative verbs write their results to standard output.

// Table, JSON or JSON lines, as the settings ask. To be called before anything
// is done, so that a bad --output changes nothing.
absl::StatusOr<OutputFormat> ListingFormat(const Settings& settings);

// Numbers for people on a terminal, for programs elsewhere.
NumberStyle OutputNumberStyle();

// What a verb found, in the shape of each format. The messages must outlive it.
struct Listing {
  const google::protobuf::Message* document;            // JSON
  std::vector<const google::protobuf::Message*> items;  // JSON lines
  Table table;
};

ExitCode PrintListing(const Listing& listing, OutputFormat format);

// What a verb did: `note` on standard error for people who watch or asked with
// --verbose; and `resource`, unless null, when JSON was asked for.
ExitCode PrintChange(const std::string& note,
                     const google::protobuf::Message* resource,
                     OutputFormat format, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_LISTING_H_
