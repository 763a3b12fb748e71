// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_SUB_H_
#define SLUICE_CLI_SUB_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice sub`: consumes messages of a channel, writes them to standard
// output and finishes them.
//
// `settings` is read when the verb runs and must live as long.
void AddSub(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_SUB_H_
