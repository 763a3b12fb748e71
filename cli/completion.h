// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_COMPLETION_H_
#define SLUICE_CLI_COMPLETION_H_

#include <string>
#include <vector>

#include "cli/command_line.h"

namespace sluice {

// Adds `sluice completion`: prints what makes a shell complete sluice's
// commands, flags, topics and channels.
void AddCompletion(Command root);

// What the scripts call, with the words behind the program's name: prints a
// candidate a line, with a tab and its description behind it, or `:files` or
// `:dirs`. Topics and channels come from the nodes that the words, the
// environment or the configuration file name; where none answers, there are
// none.
ExitCode PrintCandidates(const CommandLine& line,
                         const std::vector<std::string>& words);

}  // namespace sluice

#endif  // SLUICE_CLI_COMPLETION_H_
