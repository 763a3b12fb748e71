// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/error_text.h"

#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace sluice {
namespace {

// A terminal would act on control characters, and a second line would look
// like a second error.
std::string WithoutControlCharacters(absl::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = ' ';
  }
  return clean;
}

}  // namespace

std::string ErrorText(const absl::Status& status) {
  std::string text = status.message().empty()
                         ? absl::StatusCodeToString(status.code())
                         : std::string(status.message());
  const std::string reason = ErrorReason(status);
  if (!reason.empty()) absl::StrAppend(&text, " [", reason, "]");
  return WithoutControlCharacters(text);
}

std::string NodeErrorText(absl::string_view node, const absl::Status& status) {
  const std::string text = ErrorText(status);
  return absl::StrContains(text, node) ? text : absl::StrCat(node, ": ", text);
}

void PrintNote(absl::string_view text) {
  // One call, so that lines of several processes do not mix.
  const std::string line = absl::StrCat("sluice: ", text, "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

ExitCode ReportStatus(const absl::Status& status) {
  if (!status.ok()) PrintNote(ErrorText(status));
  return ExitCodeFor(status);
}

}  // namespace sluice
