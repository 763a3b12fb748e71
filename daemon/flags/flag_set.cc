// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags/flag_set.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"
#include "base/version.h"
#include "daemon/flags/config_file.h"
#include "daemon/flags/edit_distance.h"

namespace sluice {
namespace {

constexpr char kDefaultOrigin[] = "default";
constexpr char kFlagOrigin[] = "flag";
constexpr size_t kHelpColumn = 34;
constexpr size_t kTerminalWidth = 80;

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return absl::FailedPreconditionError("it is a directory");
  }
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(std::strerror(errno));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// `--name=VALUE` instead of CLI11's `--name VALUE`.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_option_text();
  }
};

}  // namespace

// The program's flags as CLI11 knows them: all of them take text, so that one
// path leads from every source to a value.
class FlagSet::CommandLine {
 public:
  explicit CommandLine(const FlagSet& flags)
      : app_(flags.description_, flags.program_) {
    app_.set_help_flag();
    app_.allow_extras();
    app_.option_defaults()->take_last();
    app_.formatter(std::make_shared<HelpFormatter>());
    app_.get_formatter()->column_width(kHelpColumn);
    for (const Entry& entry : flags.entries_) AddOption(entry);
    AddGeneral(flags);
  }

  absl::Status Parse(const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) {
      // CLI11 would take the next argument for the value.
      if (absl::StartsWith(argument, "--") && absl::EndsWith(argument, "=")) {
        return absl::InvalidArgumentError(
            absl::StrCat(argument, ": expected a value"));
      }
    }
    try {
      app_.parse(
          std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError&) {
      // The one thing that is left to go wrong.
      return absl::InvalidArgumentError(
          absl::StrCat(arguments.back(), ": expected a value"));
    }
    return absl::OkStatus();
  }

  // What belongs to no flag.
  std::vector<std::string> remaining() const { return app_.remaining(); }

  Command command() const {
    for (const auto& [command, option] : commands_) {
      if (option->count() > 0) return command;
    }
    return Command::kRun;
  }

  // All values of a repeatable flag, joined; of another the last.
  absl::optional<std::string> Value(const std::string& name,
                                    bool repeatable = false) const {
    const auto values = app_.get_option("--" + name)->results();
    if (values.empty()) return absl::nullopt;
    return repeatable ? absl::StrJoin(values, ",") : values.back();
  }

  std::string Help() const {
    // CLI11 puts two empty lines between groups.
    return absl::StrReplaceAll(app_.help(), {{"\n\n\n", "\n\n"}});
  }

 private:
  // The help and the default, on the last line of the help where both fit.
  static std::string Description(const Entry& entry) {
    const Flag& flag = entry.flag;
    const std::string& otherwise =
        entry.default_text.empty() ? flag.when_empty : entry.default_text;
    if (otherwise.empty()) return flag.help;
    const std::string bracketed =
        absl::StrCat("[", absl::StrReplaceAll(otherwise, {{"\"", ""}}), "]");
    const size_t last_line = flag.help.size() - (flag.help.rfind('\n') + 1);
    const bool fits =
        last_line + 1 + bracketed.size() <= kTerminalWidth - kHelpColumn;
    return absl::StrCat(flag.help, fits ? " " : "\n", bracketed);
  }

  void AddOption(const Entry& entry) {
    const Flag& flag = entry.flag;
    CLI::Option* option = app_.add_option("--" + flag.name);
    option->description(Description(entry))->group(entry.group);
    option->option_text("=" + flag.value_name);
    if (flag.is_switch) option->expected(0, 1);
  }

  void AddGeneral(const FlagSet& flags) {
    app_.add_option("--config")
        ->description(
            "reads flags from a TOML file, as in\n"
            "msg-timeout = \"30s\"")
        ->option_text("=FILE")
        ->group("General");
    AddCommand(Command::kHelp, "-h,--help", "prints this text");
    AddCommand(Command::kVersion, "--version", "prints the version");
    AddCommand(Command::kPrintConfig, "--print-config",
               "prints the effective configuration as a\n"
               "file for --config, and where each value\ncame from");
    AddCommand(Command::kCheckConfig, "--check-config",
               "checks the configuration; exit code 0 or 2");
    const std::string variable = flags.VariableName("some-flag");
    app_.footer(absl::StrCat(
        "Every flag can also be set by an environment variable (", variable,
        "\nfor --some-flag) or in the file of --config. A flag wins over a "
        "variable, a\nvariable over the file, the file over the default."));
  }

  void AddCommand(Command command, const std::string& name,
                  const std::string& description) {
    commands_[command] = app_.add_flag(name, description)->group("General");
  }

  CLI::App app_;
  std::map<Command, const CLI::Option*> commands_;
};

FlagSources FlagSources::OfProcess() {
  FlagSources sources;
  sources.environment =
      [](const std::string& name) -> absl::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return absl::nullopt;
    return std::string(value);
  };
  sources.read_file = ReadFile;
  return sources;
}

FlagSet::FlagSet(std::string program, std::string description)
    : program_(std::move(program)), description_(std::move(description)) {}

void FlagSet::Add(Flag flag) {
  Entry entry;
  entry.group = group_;
  entry.default_text = flag.get();
  entry.origin = kDefaultOrigin;
  entry.flag = std::move(flag);
  entries_.push_back(std::move(entry));
}

absl::StatusOr<FlagSet::Command> FlagSet::Parse(
    const std::vector<std::string>& arguments, const FlagSources& sources) {
  CommandLine command_line(*this);
  SLUICE_RETURN_IF_ERROR(command_line.Parse(arguments));
  const Command command = command_line.command();
  if (command == Command::kHelp || command == Command::kVersion) return command;
  if (!command_line.remaining().empty()) {
    return UnknownArgument(command_line.remaining().front());
  }

  // Weakest source first, so that the strongest has the last word.
  absl::optional<std::string> config = command_line.Value("config");
  if (!config.has_value()) {
    config = sources.environment(VariableName("config"));
  }
  if (config.has_value() && !config->empty()) {
    SLUICE_RETURN_IF_ERROR(ReadConfig(*config, sources));
  }
  SLUICE_RETURN_IF_ERROR(ReadEnvironment(sources));
  for (Entry& entry : entries_) {
    const auto value =
        command_line.Value(entry.flag.name, entry.flag.repeatable);
    if (!value.has_value()) continue;
    if (absl::StartsWith(*value, "--")) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", entry.flag.name, ": expected a value"));
    }
    const bool bare_switch = entry.flag.is_switch && value->empty();
    SLUICE_RETURN_IF_ERROR(
        Set(entry, bare_switch ? "true" : *value, kFlagOrigin));
  }
  return command;
}

bool FlagSet::IsSet(absl::string_view name) const {
  const Entry* entry = Find(name);
  return entry != nullptr && entry->origin != kDefaultOrigin;
}

std::string FlagSet::Describe(absl::string_view name) const {
  const Entry* entry = Find(name);
  if (entry == nullptr) return absl::StrCat("--", name);
  if (entry->origin == kDefaultOrigin) {
    return absl::StrCat("--", name, "=",
                        absl::StrReplaceAll(entry->default_text, {{"\"", ""}}),
                        " (default)");
  }
  const std::string flag = absl::StrCat("--", name, "=", entry->value);
  return entry->origin == kFlagOrigin
             ? flag
             : absl::StrCat(flag, " (", entry->origin, ")");
}

std::string FlagSet::Help() const { return CommandLine(*this).Help(); }

std::string FlagSet::PrintConfig() const {
  std::string text = absl::StrCat("# ", program_, " ", kVersion, "\n");
  std::string group;
  for (const Entry& entry : entries_) {
    if (entry.group != group) {
      group = entry.group;
      absl::StrAppend(&text, "\n# ", group, "\n");
    }
    const std::string value = entry.flag.get();
    if (value.empty()) {
      absl::StrAppend(
          &text, "# ", entry.flag.name, ": ",
          entry.flag.when_empty.empty() ? "not set" : entry.flag.when_empty,
          "\n");
    } else {
      absl::StrAppend(&text, entry.flag.name, " = ", value, "  # ",
                      entry.origin, "\n");
    }
  }
  return text;
}

FlagSet::Entry* FlagSet::Find(absl::string_view name) {
  for (Entry& entry : entries_) {
    if (entry.flag.name == name) return &entry;
  }
  return nullptr;
}

const FlagSet::Entry* FlagSet::Find(absl::string_view name) const {
  return const_cast<FlagSet*>(this)->Find(name);
}

std::string FlagSet::VariableName(absl::string_view flag) const {
  return absl::AsciiStrToUpper(
      absl::StrReplaceAll(absl::StrCat(program_, "_", flag), {{"-", "_"}}));
}

absl::Status FlagSet::Set(Entry& entry, absl::string_view value,
                          absl::string_view origin) {
  entry.value = std::string(value);
  entry.origin = std::string(origin);
  const absl::Status status = entry.flag.set(value);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrCat(Describe(entry.flag.name), ": ", status.message()));
}

absl::Status FlagSet::ReadConfig(const std::string& path,
                                 const FlagSources& sources) {
  const absl::StatusOr<std::string> text = sources.read_file(path);
  if (!text.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--config=", path, ": ", text.status().message()));
  }
  SLUICE_ASSIGN_OR_RETURN(const std::vector<ConfigEntry> settings,
                          ParseConfig(path, *text));
  for (const ConfigEntry& setting : settings) {
    const std::string place = absl::StrCat(path, ":", setting.line);
    Entry* entry = Find(setting.key);
    if (entry == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          place, ": there is no flag ", setting.key, Suggestion(setting.key)));
    }
    SLUICE_RETURN_IF_ERROR(Set(*entry, setting.value, place));
  }
  return absl::OkStatus();
}

absl::Status FlagSet::ReadEnvironment(const FlagSources& sources) {
  for (Entry& entry : entries_) {
    const std::string variable = VariableName(entry.flag.name);
    const absl::optional<std::string> value = sources.environment(variable);
    // Empty is how container tools write "not set".
    if (!value.has_value() || value->empty()) continue;
    SLUICE_RETURN_IF_ERROR(Set(entry, *value, variable));
  }
  return absl::OkStatus();
}

absl::Status FlagSet::UnknownArgument(const std::string& argument) const {
  if (!absl::StartsWith(argument, "-")) {
    return absl::InvalidArgumentError(
        absl::StrCat(argument, ": expected only flags, as in --name=value"));
  }
  const std::string name =
      argument.substr(argument.find_first_not_of('-') == std::string::npos
                          ? argument.size()
                          : argument.find_first_not_of('-'));
  return absl::InvalidArgumentError(
      absl::StrCat(argument, ": there is no such flag",
                   Suggestion(name.substr(0, name.find('=')))));
}

std::string FlagSet::Suggestion(absl::string_view name) const {
  std::string nearest;
  size_t least = name.size() / 3 + 2;  // further away is no guess any more
  for (const Entry& entry : entries_) {
    const size_t distance = EditDistance(name, entry.flag.name);
    if (distance >= least) continue;
    least = distance;
    nearest = entry.flag.name;
  }
  return nearest.empty() ? "; see --help"
                         : absl::StrCat("; did you mean --", nearest, "?");
}

}  // namespace sluice
