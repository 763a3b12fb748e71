// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_TO_FILE_H_
#define SLUICE_CLI_TO_FILE_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice to-file`: archives the messages of topics in files.
//
// `settings` is read when the verb runs and must live as long.
void AddToFile(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_TO_FILE_H_
