// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_FLAGS_FLAG_SET_H_
#define SLUICE_DAEMON_FLAGS_FLAG_SET_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "daemon/flags/flag.h"

namespace sluice {

// Where settings are read from, beside the command line. Injected by tests.
struct FlagSources {
  // The value of an environment variable; nothing when it is not set.
  std::function<absl::optional<std::string>(const std::string&)> environment;
  // The text of a file, or why it cannot be read.
  std::function<absl::StatusOr<std::string>(const std::string&)> read_file;

  static FlagSources OfProcess();
};

// All flags of a program. A value comes from the command line, else from an
// environment variable (`SLUICED_MSG_TIMEOUT` for `--msg-timeout` of
// `sluiced`), else from the file that `--config` names, else it is the default.
//
// Every program of the project also takes --config, --help, --version,
// --print-config and --check-config.
//
// Thread-compatible.
class FlagSet {
 public:
  enum class Command { kRun, kHelp, kVersion, kPrintConfig, kCheckConfig };

  // `program` also gives the prefix of the environment variables.
  FlagSet(std::string program, std::string description);

  // Flags added from here on stand under this heading of the help.
  void Group(absl::string_view heading) { group_ = std::string(heading); }
  void Add(Flag flag);

  // Reads `arguments` (without the program's name) and the other sources into
  // the variables. INVALID_ARGUMENT is one sentence that names the flag, its
  // value and where that came from. For kHelp and kVersion nothing is read and
  // nothing is wrong.
  absl::StatusOr<Command> Parse(const std::vector<std::string>& arguments,
                                const FlagSources& sources);

  // After Parse(): whether anything set the flag.
  bool IsSet(absl::string_view name) const;
  // `--msg-timeout=5s (SLUICED_MSG_TIMEOUT)`: for a message about the value.
  std::string Describe(absl::string_view name) const;

  std::string Help() const;
  // The effective values as a configuration file, each with its origin.
  std::string PrintConfig() const;

 private:
  struct Entry {
    Flag flag;
    std::string group;
    std::string default_text;  // TOML
    std::string value;         // the text that set it
    std::string origin;        // `default`, `flag`, the variable, `file:line`
  };
  class CommandLine;

  Entry* Find(absl::string_view name);
  const Entry* Find(absl::string_view name) const;
  std::string VariableName(absl::string_view flag) const;
  absl::Status Set(Entry& entry, absl::string_view value,
                   absl::string_view origin);
  absl::Status ReadConfig(const std::string& path, const FlagSources& sources);
  absl::Status ReadEnvironment(const FlagSources& sources);
  absl::Status UnknownArgument(const std::string& argument) const;
  // `; did you mean --x?` when a flag is near, else `; see --help`.
  std::string Suggestion(absl::string_view name) const;

  const std::string program_;
  const std::string description_;
  std::string group_;
  std::vector<Entry> entries_;
};

}  // namespace sluice

#endif  // SLUICE_DAEMON_FLAGS_FLAG_SET_H_
