// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/node_answer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "cli/error_text.h"

namespace sluice {

ExitCode ReportFailures(
    const std::vector<std::pair<std::string, absl::Status>>& statuses,
    bool many) {
  const bool any_ok =
      std::any_of(statuses.begin(), statuses.end(),
                  [](const auto& status) { return status.second.ok(); });
  ExitCode code = ExitCode::kOk;
  for (const auto& [address, status] : statuses) {
    if (status.ok() || (any_ok && absl::IsNotFound(status))) continue;
    PrintNote(many ? absl::StrCat(address, ": ", ErrorText(status))
                   : ErrorText(status));
    if (code == ExitCode::kOk) code = ExitCodeFor(status);
  }
  return code;
}

}  // namespace sluice
