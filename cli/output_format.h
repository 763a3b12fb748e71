// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_OUTPUT_FORMAT_H_
#define SLUICE_CLI_OUTPUT_FORMAT_H_

#include <initializer_list>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sluice {

// How a verb writes its result.
enum class OutputFormat {
  kTable,  // columns for people
  kJson,   // one document, indented
  kJsonl,  // one JSON object per line
  kRaw,    // message bodies as they are
};

// The format of that name: `table`, `json`, `jsonl` or `raw`.
absl::StatusOr<OutputFormat> ParseOutputFormat(absl::string_view name);

// The one of `allowed` to use: what was asked for, or the first. A format that
// this verb does not have is INVALID_ARGUMENT on the command line; from the
// environment or a file it is meant for other verbs and has no effect.
absl::StatusOr<OutputFormat> ChooseFormat(
    std::optional<OutputFormat> asked, bool from_command_line,
    std::initializer_list<OutputFormat> allowed);

}  // namespace sluice

#endif  // SLUICE_CLI_OUTPUT_FORMAT_H_
