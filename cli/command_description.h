// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_COMMAND_DESCRIPTION_H_
#define SLUICE_CLI_COMMAND_DESCRIPTION_H_

#include <string>
#include <vector>

namespace sluice {

// What a command line is made of, for those who describe it to others: shells,
// that complete it. CommandLine makes it from the same calls that it parses by.

struct FlagDescription {
  std::vector<std::string> names;  // "-n", "--count"
  std::string value;               // a placeholder; empty: takes none
  std::string description;
};

struct CommandDescription {
  std::string name;
  std::string summary;
  std::vector<FlagDescription> flags;  // beside those of the commands above
  std::vector<std::string> arguments;  // placeholders, in order
  bool last_argument_repeats = false;
  std::vector<CommandDescription> commands;
};

}  // namespace sluice

#endif  // SLUICE_CLI_COMMAND_DESCRIPTION_H_
