// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_COMPLETION_SCRIPT_H_
#define SLUICE_CLI_COMPLETION_SCRIPT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sluice {

// The command that the scripts call, with the words typed so far.
constexpr char kCompleteCommand[] = "__complete";

// What makes a shell ask this program what could stand where somebody types:
// for `bash`, `zsh` or `fish`. INVALID_ARGUMENT for another shell.
absl::StatusOr<std::string> CompletionScript(absl::string_view shell);

}  // namespace sluice

#endif  // SLUICE_CLI_COMPLETION_SCRIPT_H_
