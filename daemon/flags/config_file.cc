// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags/config_file.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"
#include "toml++/toml.h"

namespace sluice {
namespace {

absl::Status ErrorAt(absl::string_view name, uint32_t line,
                     absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, ":", line, ": ", message));
}

// The value as it would stand behind `--flag=`; nothing for what no flag takes.
absl::optional<std::string> FlagText(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) {
    return absl::StrCat(integer->get());
  }
  if (const auto* boolean = node.as_boolean()) {
    return std::string(boolean->get() ? "true" : "false");
  }
  if (const auto* array = node.as_array()) {
    std::vector<std::string> texts;
    for (const toml::node& element : *array) {
      const auto* text = element.as_string();
      if (text == nullptr) return absl::nullopt;
      texts.push_back(text->get());
    }
    return absl::StrJoin(texts, ",");
  }
  return absl::nullopt;
}

absl::StatusOr<std::vector<ConfigEntry>> Entries(absl::string_view name,
                                                 const toml::table& table) {
  std::vector<ConfigEntry> entries;
  for (const auto& [key, node] : table) {
    const uint32_t line = node.source().begin.line;
    absl::optional<std::string> value = FlagText(node);
    if (!value.has_value()) {
      return ErrorAt(name, line,
                     absl::StrCat(std::string(key.str()),
                                  " must be a string, a whole number, true, "
                                  "false or an array of strings at the top "
                                  "level of the file"));
    }
    entries.push_back(
        {std::string(key.str()), *std::move(value), static_cast<int>(line)});
  }
  // The parser sorts by key; people expect the first wrong line first.
  std::sort(entries.begin(), entries.end(),
            [](const ConfigEntry& a, const ConfigEntry& b) {
              return a.line < b.line;
            });
  return entries;
}

}  // namespace

absl::StatusOr<std::vector<ConfigEntry>> ParseConfig(absl::string_view name,
                                                     absl::string_view text) {
  try {
    return Entries(name, toml::parse(std::string_view(text.data(), text.size()),
                                     std::string_view()));
  } catch (const toml::parse_error& error) {
    return ErrorAt(
        name, error.source().begin.line,
        absl::StrCat("this is not TOML: ", std::string(error.description())));
  }
}

}  // namespace sluice
