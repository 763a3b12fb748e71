// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output_format.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace sluice {
namespace {

struct FormatName {
  OutputFormat format;
  const char* name;
};

constexpr FormatName kFormatNames[] = {
    {OutputFormat::kTable, "table"},
    {OutputFormat::kJson, "json"},
    {OutputFormat::kJsonl, "jsonl"},
    {OutputFormat::kRaw, "raw"},
};

}  // namespace

absl::StatusOr<OutputFormat> ParseOutputFormat(absl::string_view name) {
  for (const FormatName& known : kFormatNames) {
    if (name == known.name) return known.format;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", absl::Utf8SafeCEscape(name), "\" is not an output format"));
}

absl::StatusOr<OutputFormat> ChooseFormat(
    std::optional<OutputFormat> asked, bool from_command_line,
    std::initializer_list<OutputFormat> allowed) {
  if (!asked.has_value()) return *allowed.begin();
  if (std::find(allowed.begin(), allowed.end(), *asked) != allowed.end()) {
    return *asked;
  }
  if (!from_command_line) return *allowed.begin();
  std::vector<std::string> names;
  for (const FormatName& known : kFormatNames) {
    if (std::find(allowed.begin(), allowed.end(), known.format) !=
        allowed.end()) {
      names.push_back(known.name);
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--output: here it can be ", absl::StrJoin(names, " or ")));
}

}  // namespace sluice
