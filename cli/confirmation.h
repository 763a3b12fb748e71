// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_CONFIRMATION_H_
#define SLUICE_CLI_CONFIRMATION_H_

#include <iosfwd>
#include <string>

#include "absl/status/status.h"

namespace sluice {

// A destructive step that wants a second thought.
struct Confirmation {
  std::string consequence;   // "deletes topic \"x\" and all its messages"
  std::string name;          // what has to be typed
  bool yes = false;          // --yes was given
  bool interactive = false;  // somebody can be asked
};

// OK to go on. Otherwise INVALID_ARGUMENT: without --yes somebody must be
// there to type the name, and type exactly that.
absl::Status Confirm(const Confirmation& confirmation, std::istream& answers,
                     std::ostream& questions);

// The same on standard input and standard error, interactive when both are
// terminals.
absl::Status ConfirmOnTerminal(const std::string& consequence,
                               const std::string& name, bool yes);

}  // namespace sluice

#endif  // SLUICE_CLI_CONFIRMATION_H_
