// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <map>
#include <sstream>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "cli/flag_value.h"
#include "toml++/toml.h"

namespace sluice {
namespace {

constexpr char kNodePort[] = ":4150";
constexpr char kLookupPort[] = ":4160";

struct SettingText {
  std::string text;
  std::string origin;  // for error messages
};

// Addresses as they were given at one level.
struct AddressTexts {
  std::vector<std::string> texts;
  std::string origin;
};

using Texts = std::vector<std::string>;
using FileSettings = std::map<std::string, Texts>;

// The text of a key, or the texts of one that may have several.
absl::StatusOr<Texts> TextsOf(const toml::node& node, bool may_be_several) {
  if (const auto text = node.value_exact<std::string>()) return Texts{*text};
  const toml::array* const array = node.as_array();
  if (!may_be_several || array == nullptr) {
    return absl::InvalidArgumentError(may_be_several
                                          ? "must be a string or an array of "
                                            "strings"
                                          : "must be a string");
  }
  Texts texts;
  for (const toml::node& element : *array) {
    SLUICE_ASSIGN_OR_RETURN(const Texts text, TextsOf(element, false));
    texts.push_back(text.front());
  }
  return texts;
}

absl::StatusOr<FileSettings> ReadFile(const std::string& path) {
  FileSettings settings;
  try {
    const toml::table table = toml::parse_file(path);
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      const bool is_address = name == "address" || name == "lookup";
      if (!is_address && name != "timeout" && name != "output") {
        return absl::InvalidArgumentError(
            absl::StrCat(path, ": unknown key \"", name, "\""));
      }
      auto texts = TextsOf(node, is_address);
      if (!texts.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat(path, ": \"", name, "\" ", texts.status().message()));
      }
      settings[name] = *std::move(texts);
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
  return SettingText{in_file->second.front(),
                     absl::StrCat(name, " in the file")};
}

// The addresses under that name at each level, highest first.
std::vector<AddressTexts> FindAddresses(const std::string& name,
                                        const Texts& flags,
                                        const Environment& environment,
                                        const FileSettings& file) {
  std::vector<AddressTexts> levels = {
      {flags, absl::StrCat("--", name)}, {}, {}};
  if (auto found = FromEnvironment(environment, name)) {
    levels[1] = {absl::StrSplit(found->text, ','), found->origin};
  }
  const auto in_file = file.find(name);
  if (in_file != file.end()) {
    levels[2] = {in_file->second, absl::StrCat(name, " in the file")};
  }
  return levels;
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

absl::Status ParseAddresses(const AddressTexts& level, const char* default_port,
                            std::vector<std::string>* addresses) {
  for (const std::string& given : level.texts) {
    const absl::string_view text = absl::StripAsciiWhitespace(given);
    if (text.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(level.origin, ": an address must not be empty"));
    }
    // A bare IPv6 address keeps its colons to itself.
    const bool has_port = text.back() != ']' && absl::StrContains(text, ':');
    addresses->push_back(absl::StrCat(text, has_port ? "" : default_port));
  }
  return absl::OkStatus();
}

// From the highest level that says anything about where nodes are.
absl::Status ResolveAddresses(const std::vector<AddressTexts>& nodes,
                              const std::vector<AddressTexts>& lookups,
                              Settings* settings) {
  for (size_t level = 0; level < nodes.size(); ++level) {
    if (nodes[level].texts.empty() && lookups[level].texts.empty()) continue;
    if (!nodes[level].texts.empty() && !lookups[level].texts.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(nodes[level].origin, " and ", lookups[level].origin,
                       " exclude each other: lookups know where the nodes "
                       "are"));
    }
    settings->addresses.clear();
    settings->lookups.clear();
    SLUICE_RETURN_IF_ERROR(
        ParseAddresses(nodes[level], kNodePort, &settings->addresses));
    return ParseAddresses(lookups[level], kLookupPort, &settings->lookups);
  }
  return absl::OkStatus();
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
  SLUICE_RETURN_IF_ERROR(ResolveAddresses(
      FindAddresses("address", flags.addresses, environment, file),
      FindAddresses("lookup", flags.lookups, environment, file), settings));
  SLUICE_RETURN_IF_ERROR(Set(Find("timeout", flags.timeout, environment, file),
                             ParsePositiveDuration, &settings->timeout));
  SLUICE_RETURN_IF_ERROR(Set(Find("output", flags.output, environment, file),
                             ParseOutputFormat, &settings->output));
  settings->output_from_command_line = flags.output.has_value();
  settings->verbose = flags.verbose;
  return absl::OkStatus();
}

}  // namespace sluice
