// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/listing.h"

#include <unistd.h>

#include "cli/error_text.h"
#include "cli/output.h"
#include "cli/terminal.h"

namespace sluice {

absl::StatusOr<OutputFormat> ListingFormat(const Settings& settings) {
  return ChooseFormat(
      settings.output, settings.output_from_command_line,
      {OutputFormat::kTable, OutputFormat::kJson, OutputFormat::kJsonl});
}

NumberStyle OutputNumberStyle() {
  return IsTerminal(STDOUT_FILENO) ? NumberStyle::kHuman : NumberStyle::kPlain;
}

ExitCode PrintListing(const Listing& listing, OutputFormat format) {
  std::string text;
  if (format == OutputFormat::kJson) {
    text = JsonText(*listing.document, format);
  } else if (format == OutputFormat::kJsonl) {
    for (const google::protobuf::Message* item : listing.items) {
      text += JsonText(*item, format);
    }
  } else {
    text = listing.table.Text(TakesColour(STDOUT_FILENO));
  }
  return ReportStatus(WriteOutput(text));
}

ExitCode PrintChange(const std::string& note,
                     const google::protobuf::Message* resource,
                     OutputFormat format, const Settings& settings) {
  if (settings.verbose || IsTerminal(STDERR_FILENO)) PrintNote(note);
  if (format == OutputFormat::kTable || resource == nullptr) {
    return ExitCode::kOk;
  }
  return ReportStatus(WriteOutput(JsonText(*resource, format)));
}

}  // namespace sluice
