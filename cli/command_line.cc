// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <algorithm>
#include <iostream>

#include "CLI/CLI.hpp"
#include "absl/strings/str_replace.h"
#include "cli/error_text.h"

namespace sluice {
namespace {

constexpr char kExamples[] = "Examples:";

// CLI11 takes "[a,b]" for a list of two texts. A mark behind it hides that, and
// is taken off again where texts come out of CLI11.
constexpr char kMark = '\x1f';

std::string Marked(const std::string& text) {
  const bool needed =
      !text.empty() && (text.back() == ']' || text.back() == kMark);
  return needed ? text + kMark : text;
}

std::string Unmarked(const std::string& text) {
  const bool marked = !text.empty() && text.back() == kMark;
  return marked ? text.substr(0, text.size() - 1) : text;
}

// CLI11 takes `--name=` for a `--name` whose value comes next. Here it means
// the empty value.
std::vector<std::string> ForCli11(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  bool flags_over = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    flags_over = flags_over || argument == "--";
    const bool is_flag = !flags_over && argument.rfind("--", 0) == 0;
    if (is_flag && argument.find('=') == argument.size() - 1) {
      arguments.push_back(argument.substr(0, argument.size() - 1));
      arguments.emplace_back();
    } else {
      arguments.push_back(Marked(argument));
    }
  }
  return arguments;
}

// The command the user got as far as naming.
const CLI::App* Innermost(const CLI::App* app) {
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
  }
  return app;
}

std::string FullName(const CLI::App* app) {
  const CLI::App* parent = app->get_parent();
  if (parent == nullptr) return app->get_name();
  return FullName(parent) + " " + app->get_name();
}

// CLI11 shows an optional value as `--watch{1s}`.
std::string Readable(const std::string& help) {
  return absl::StrReplaceAll(help, {{"{", "[="}, {"} ", "]"}});
}

// CLI11 complains about a word it does not know as about one that is missing.
std::string Complaint(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> unknown = app.remaining();
  if (Innermost(&app)->get_require_subcommand_min() > 0 && !unknown.empty()) {
    return "there is no command \"" + unknown.front() + "\"";
  }
  std::string text = error.what();
  text.erase(std::remove(text.begin(), text.end(), kMark), text.end());
  return text;
}

FlagDescription DescriptionOf(const CLI::Option& option) {
  FlagDescription flag;
  for (const std::string& name : option.get_snames()) {
    flag.names.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    flag.names.push_back("--" + name);
  }
  if (option.get_items_expected_max() > 0) flag.value = option.get_type_name();
  flag.description = option.get_description();
  return flag;
}

CommandDescription DescriptionOf(const CLI::App& app) {
  CommandDescription command;
  command.name = app.get_name();
  command.summary = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (option->nonpositional()) {
      command.flags.push_back(DescriptionOf(*option));
    } else {
      command.arguments.push_back(option->get_name(true));
      command.last_argument_repeats = option->get_items_expected_max() > 1;
    }
  }
  for (const CLI::App* child :
       app.get_subcommands([](const CLI::App*) { return true; })) {
    command.commands.push_back(DescriptionOf(*child));
  }
  return command;
}

}  // namespace

TextTaker Into(std::string* target) {
  return [target](const std::string& text) {
    *target = text;
    return absl::OkStatus();
  };
}

TextTaker Into(std::optional<std::string>* target) {
  return [target](const std::string& text) {
    *target = text;
    return absl::OkStatus();
  };
}

TextTaker AppendTo(std::vector<std::string>* target) {
  return [target](const std::string& text) {
    target->push_back(text);
    return absl::OkStatus();
  };
}

Command Command::AddCommand(const std::string& name,
                            const std::string& summary) {
  CLI::App* child = app_->add_subcommand(name, summary);
  child->fallthrough();
  app_->require_subcommand(1);
  return Command(line_, child);
}

CLI::Option* Command::AddOption(const std::string& names,
                                const std::string& value,
                                const std::string& description,
                                TextTaker taker) {
  const std::string shown = names.substr(names.rfind(',') + 1);
  const CLI::callback_t take_all =
      [shown, taker = std::move(taker)](const CLI::results_t& texts) {
        for (const std::string& text : texts) {
          const absl::Status status = taker(Unmarked(text));
          if (!status.ok()) {
            throw CLI::ValidationError(shown, std::string(status.message()));
          }
        }
        return true;
      };
  CLI::Option* option = app_->add_option(names, take_all, description);
  option->type_name(value);
  return option;
}

void Command::AddArgument(const std::string& name,
                          const std::string& description, TextTaker taker) {
  AddOption(name, "", description, std::move(taker))->required();
}

void Command::AddOptionalArgument(const std::string& name,
                                  const std::string& description,
                                  TextTaker taker) {
  AddOption(name, "", description, std::move(taker));
}

void Command::AddOptionalArguments(const std::string& name,
                                   const std::string& description,
                                   TextTaker taker) {
  AddOption(name, "", description, std::move(taker))
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args();
}

void Command::AddSwitch(const std::string& names,
                        const std::string& description, bool* target) {
  app_->add_flag_callback(
      names, [target] { *target = true; }, description);
}

void Command::AddFlag(const std::string& names, const std::string& value,
                      const std::string& description, TextTaker taker) {
  AddOption(names, value, description, std::move(taker));
}

void Command::AddListFlag(const std::string& names, const std::string& value,
                          const std::string& description, TextTaker taker) {
  AddOption(names, value, description, std::move(taker))
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args();
}

void Command::AddRepeatedFlag(const std::string& names,
                              const std::string& value,
                              const std::string& description, TextTaker taker) {
  AddOption(names, value, description, std::move(taker))
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args(false);
}

void Command::AddFlagWithOptionalValue(const std::string& name,
                                       const std::string& unset_value,
                                       const std::string& description,
                                       TextTaker taker) {
  // Not an option with 0 or 1 values: that would swallow the next argument.
  app_->add_flag(name + "{" + unset_value + "}", description)
      ->each([taker = std::move(taker)](const std::string& text) {
        const absl::Status status = taker(Unmarked(text));
        if (!status.ok()) {
          throw CLI::ValidationError(std::string(status.message()));
        }
      });
}

void Command::AddDetails(const std::string& details) {
  app_->footer(details + "\n\n");
}

void Command::AddExample(const std::string& example) {
  const std::string before = app_->get_footer();
  const bool first = before.find(kExamples) == std::string::npos;
  app_->footer(before + (first ? kExamples : "") + "\n  " + example);
}

void Command::Run(std::function<ExitCode()> body) {
  app_->footer(app_->get_footer() +
               "\n\n--address, --timeout and other flags for all commands: see "
               "sluice --help");
  app_->callback(
      [line = line_, body = std::move(body)] { line->selected_ = body; });
}

CommandLine::CommandLine(const std::string& program, const std::string& version,
                         const std::string& description)
    : app_(std::make_unique<CLI::App>(description, program)) {
  app_->set_version_flag("--version", program + " " + version,
                         "Print the version and exit");
  app_->set_help_flag("-h,--help", "Print this help and exit");
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() { return Command(this, app_.get()); }

std::optional<ExitCode> CommandLine::Parse(int argc, const char* const* argv) {
  std::vector<std::string> arguments = ForCli11(argc, argv);
  // CLI11 wants them last first.
  std::reverse(arguments.begin(), arguments.end());
  try {
    app_->parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    std::cout << Readable(app_->help());
    return ExitCode::kOk;
  } catch (const CLI::Success& success) {
    app_->exit(success);
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    const std::string command = FullName(Innermost(app_.get()));
    PrintNote(Complaint(*app_, error) + " (try '" + command + " --help')");
    return ExitCode::kUsage;
  }
  return std::nullopt;
}

CommandDescription CommandLine::Describe() const {
  return DescriptionOf(*app_);
}

ExitCode CommandLine::Execute() { return selected_(); }

}  // namespace sluice
