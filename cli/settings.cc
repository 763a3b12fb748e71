// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <map>
#include <sstream>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cli/flag_value.h"
#include "toml++/toml.h"

namespace sluice {
namespace {

constexpr char kDefaultPort[] = ":4150";

struct SettingText {
  std::string text;
  std::string origin;  // for error messages
};

using FileSettings = std::map<std::string, std::string>;

absl::StatusOr<FileSettings> ReadFile(const std::string& path) {
  FileSettings settings;
  try {
    const toml::table table = toml::parse_file(path);
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (name != "address" && name != "timeout" && name != "output") {
        return absl::InvalidArgumentError(
            absl::StrCat(path, ": unknown key \"", name, "\""));
      }
      const auto text = node.value_exact<std::string>();
      if (!text.has_value()) {
        return absl::InvalidArgumentError(
            absl::StrCat(path, ": \"", name, "\" must be a string"));
      }
      settings[name] = *text;
    }
  } catch (const toml::parse_error& error) {
    std::ostringstream place;
    place << error.source().begin;
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": ", std::string(error.description()), " (", place.str(), ")"));
  }
  return settings;
}

std::string VariableName(const std::string& name) {
  return absl::StrCat("SLUICE_", absl::AsciiStrToUpper(name));
}

// An empty variable counts as not set, as scripts often clear them that way.
std::optional<SettingText> FromEnvironment(const Environment& environment,
                                           const std::string& name) {
  const std::string variable = VariableName(name);
  const char* text = environment(variable.c_str());
  if (text == nullptr || *text == '\0') return std::nullopt;
  return SettingText{text, variable};
}

std::optional<SettingText> Find(const std::string& name,
                                const std::optional<std::string>& flag,
                                const Environment& environment,
                                const FileSettings& file) {
  if (flag.has_value()) return SettingText{*flag, absl::StrCat("--", name)};
  if (auto found = FromEnvironment(environment, name)) return found;
  const auto in_file = file.find(name);
  if (in_file == file.end()) return std::nullopt;
  return SettingText{in_file->second, absl::StrCat(name, " in the file")};
}

template <typename Target, typename Parse>
absl::Status Set(const std::optional<SettingText>& setting, Parse parse,
                 Target* target) {
  if (!setting.has_value()) return absl::OkStatus();
  auto value = parse(setting->text);
  if (!value.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(setting->origin, ": ", value.status().message()));
  }
  *target = *std::move(value);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ParseAddress(absl::string_view text) {
  if (text.empty()) {
    return absl::InvalidArgumentError("an address must not be empty");
  }
  // A bare IPv6 address keeps its colons to itself.
  const bool has_port = text.back() != ']' && absl::StrContains(text, ':');
  return absl::StrCat(text, has_port ? "" : kDefaultPort);
}

}  // namespace

absl::Status ResolveSettings(const SettingFlags& flags,
                             const Environment& environment,
                             Settings* settings) {
  FileSettings file;
  std::optional<std::string> path = flags.config;
  if (!path.has_value()) {
    if (auto found = FromEnvironment(environment, "config")) {
      path = found->text;
    }
  }
  if (path.has_value()) {
    SLUICE_ASSIGN_OR_RETURN(file, ReadFile(*path));
  }
  SLUICE_RETURN_IF_ERROR(Set(Find("address", flags.address, environment, file),
                             ParseAddress, &settings->address));
  SLUICE_RETURN_IF_ERROR(Set(Find("timeout", flags.timeout, environment, file),
                             ParsePositiveDuration, &settings->timeout));
  SLUICE_RETURN_IF_ERROR(Set(Find("output", flags.output, environment, file),
                             ParseOutputFormat, &settings->output));
  settings->output_from_command_line = flags.output.has_value();
  settings->verbose = flags.verbose;
  return absl::OkStatus();
}

}  // namespace sluice
