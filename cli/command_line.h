// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_COMMAND_LINE_H_
#define SLUICE_CLI_COMMAND_LINE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/command_description.h"
#include "cli/exit_code.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sluice {

// Takes the text of one argument or flag. An error's message is shown to the
// user behind the name of the flag.
using TextTaker = std::function<absl::Status(const std::string&)>;

// A taker that stores what `parse` makes of the text.
template <typename Target, typename Parse>
TextTaker Into(Target* target, Parse parse) {
  return [target, parse](const std::string& text) {
    auto value = parse(text);
    if (!value.ok()) return std::move(value).status();
    *target = *std::move(value);
    return absl::OkStatus();
  };
}

// Takers that store the text as it is.
TextTaker Into(std::string* target);
TextTaker Into(std::optional<std::string>* target);
TextTaker AppendTo(std::vector<std::string>* target);

class CommandLine;

// A verb, or a word before it, while it is being described. A cheap handle;
// valid as long as its CommandLine.
//
// This and CommandLine are all of the program that knows CLI11: that header is
// slow to compile, and it splits values such as "[1,2]", which for a message
// must arrive as they were typed.
class Command {
 public:
  // A word that must be followed by one of its own commands unless Run is
  // called on it. `summary` is one short line.
  Command AddCommand(const std::string& name, const std::string& summary);

  // What its help says beyond the summary.
  void AddDetails(const std::string& details);

  // Positional arguments, in this order.
  void AddArgument(const std::string& name, const std::string& description,
                   TextTaker taker);
  void AddOptionalArgument(const std::string& name,
                           const std::string& description, TextTaker taker);

  // The last one: as many texts as there are.
  void AddOptionalArguments(const std::string& name,
                            const std::string& description, TextTaker taker);

  // Flags. `names` is "--name" or "-n,--name"; `value` is what the help shows
  // as a placeholder.
  void AddSwitch(const std::string& names, const std::string& description,
                 bool* target);
  void AddFlag(const std::string& names, const std::string& value,
               const std::string& description, TextTaker taker);
  // May be given many times; each takes all texts up to the next flag, except
  // those that positional arguments still need.
  void AddListFlag(const std::string& names, const std::string& value,
                   const std::string& description, TextTaker taker);
  // May be given many times, with one text each.
  void AddRepeatedFlag(const std::string& names, const std::string& value,
                       const std::string& description, TextTaker taker);
  // `--name` alone means `--name=unset_value`; the value needs the "=".
  void AddFlagWithOptionalValue(const std::string& name,
                                const std::string& unset_value,
                                const std::string& description,
                                TextTaker taker);

  // A command line that works, shown under the help. At least one each.
  void AddExample(const std::string& example);

  // What the command does once the command line is understood. Call it last.
  void Run(std::function<ExitCode()> body);

 private:
  friend class CommandLine;
  Command(CommandLine* line, CLI::App* app) : line_(line), app_(app) {}

  CLI::Option* AddOption(const std::string& names, const std::string& value,
                         const std::string& description, TextTaker taker);

  CommandLine* line_;
  CLI::App* app_;
};

// Understands the program's arguments. One thread only.
class CommandLine {
 public:
  CommandLine(const std::string& program, const std::string& version,
              const std::string& description);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // Flags added here may stand before or after the verb.
  Command root();

  // The exit code when there is nothing left to do: help or version were
  // printed to stdout, or the reason why the command line is wrong to stderr.
  // Otherwise empty, and Execute may be called.
  std::optional<ExitCode> Parse(int argc, const char* const* argv);

  // Does what the verb given to Parse does.
  ExitCode Execute();

  // All of it, as far as it has been described.
  CommandDescription Describe() const;

 private:
  friend class Command;

  std::unique_ptr<CLI::App> app_;
  std::function<ExitCode()> selected_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_COMMAND_LINE_H_
