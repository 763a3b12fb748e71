// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/file_naming.h"

#include <unistd.h>

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace sluice {
namespace {

constexpr char kRevision[] = "<REV>";

// "." and ".." are good names for a topic, but not for a file.
std::string WithoutDots(absl::string_view path) {
  std::vector<std::string> parts = absl::StrSplit(path, '/');
  for (std::string& part : parts) {
    if (part == "." || part == "..") {
      part = absl::StrReplaceAll(part, {{".", "%2E"}});
    }
  }
  return absl::StrJoin(parts, "/");
}

absl::Status CheckPlaceholders(const std::string& format) {
  std::string rest = absl::StrReplaceAll(format, {{"<TOPIC>", ""},
                                                  {"<HOST>", ""},
                                                  {"<PID>", ""},
                                                  {"<DATETIME>", ""},
                                                  {kRevision, ""}});
  if (absl::StrContains(rest, '<') || absl::StrContains(rest, '>')) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", format,
                     "\" may hold <TOPIC>, <HOST>, <REV>, <DATETIME> and "
                     "<PID>, and no other "
                     "\"<\" or \">\""));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FileNaming> FileNaming::Create(Options options) {
  const absl::Status placeholders = CheckPlaceholders(options.format);
  if (!placeholders.ok()) return placeholders;
  if (!absl::StrContains(options.format, kRevision)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", options.format,
                     "\" must hold <REV>, so that no file is overwritten"));
  }
  const std::string with_date = absl::StrReplaceAll(
      options.format, {{"<DATETIME>", options.datetime_format}});
  for (absl::string_view part : absl::StrSplit(with_date, '/')) {
    if (part.empty() || part == "." || part == "..") {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", with_date, "\" must be a path below the output directory"));
    }
  }
  if (absl::StrContains(options.host, '/')) {
    return absl::InvalidArgumentError(
        absl::StrCat("host \"", options.host, "\" must not hold a \"/\""));
  }
  return FileNaming(std::move(options));
}

std::string FileNaming::Stem(absl::string_view topic, absl::Time time) const {
  const std::string date =
      absl::FormatTime(options_.datetime_format, time, absl::LocalTimeZone());
  return absl::StrCat(WithoutDots(absl::StrReplaceAll(
                          options_.format, {{"<TOPIC>", topic},
                                            {"<HOST>", options_.host},
                                            {"<PID>", absl::StrCat(getpid())},
                                            {"<DATETIME>", date}})),
                      options_.extension);
}

std::string FileNaming::WithRevision(absl::string_view stem,
                                     uint32_t revision) {
  const std::string text =
      revision == 0 ? "" : absl::StrFormat("-%06d", revision);
  return absl::StrReplaceAll(stem, {{kRevision, text}});
}

}  // namespace sluice
