// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_EXIT_CODE_H_
#define SLUICE_CLI_EXIT_CODE_H_

#include "absl/status/status.h"

namespace sluice {

// What the process exits with. Scripts rely on the numbers.
enum class ExitCode : int {
  kOk = 0,
  kFailure = 1,
  // A bad command line, input the node refuses as invalid, and a destructive
  // verb that was not confirmed.
  kUsage = 2,
  // No such topic or channel.
  kNotFound = 3,
  // The node cannot be reached, does not serve, or did not answer in time.
  kUnavailable = 4,
  // No or bad credentials, or not allowed.
  kNotAllowed = 5,
  // Ended by SIGINT or SIGTERM.
  kInterrupted = 130,
};

// The exit code for what a node or a verb answered.
ExitCode ExitCodeFor(const absl::Status& status);

// Of a verb with several parts.
inline ExitCode FirstFailure(ExitCode first, ExitCode second) {
  return first == ExitCode::kOk ? second : first;
}

}  // namespace sluice

#endif  // SLUICE_CLI_EXIT_CODE_H_
