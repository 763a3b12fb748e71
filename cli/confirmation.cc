// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/confirmation.h"

#include <unistd.h>

#include <iostream>

#include "absl/strings/str_cat.h"
#include "cli/terminal.h"

namespace sluice {

absl::Status Confirm(const Confirmation& confirmation, std::istream& answers,
                     std::ostream& questions) {
  if (confirmation.yes) return absl::OkStatus();
  if (!confirmation.interactive) {
    return absl::InvalidArgumentError(absl::StrCat(
        "this ", confirmation.consequence, "; say --yes if that is meant"));
  }
  questions << "This " << confirmation.consequence
            << ".\nType its name to go on: " << std::flush;
  std::string answer;
  std::getline(answers, answer);
  if (answer != confirmation.name) {
    return absl::InvalidArgumentError("not confirmed; nothing was done");
  }
  return absl::OkStatus();
}

absl::Status ConfirmOnTerminal(const std::string& consequence,
                               const std::string& name, bool yes) {
  return Confirm({consequence, name, yes,
                  IsTerminal(STDIN_FILENO) && IsTerminal(STDERR_FILENO)},
                 std::cin, std::cerr);
}

}  // namespace sluice
