// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_ERROR_TEXT_H_
#define SLUICE_CLI_ERROR_TEXT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/exit_code.h"

namespace sluice {

// What went wrong, as one line for people with the reason for programs behind
// it: `topic "x" does not exist [TOPIC_NOT_FOUND]`. Never holds a line break
// or another control character, whatever the node sent.
std::string ErrorText(const absl::Status& status);

// The same about a node, whose address it names once: many errors do already.
std::string NodeErrorText(absl::string_view node, const absl::Status& status);

// Prints `sluice: <text>` to stderr as one line.
void PrintNote(absl::string_view text);

// Prints the error, unless it is OK, and returns the exit code for it.
ExitCode ReportStatus(const absl::Status& status);

}  // namespace sluice

#endif  // SLUICE_CLI_ERROR_TEXT_H_
