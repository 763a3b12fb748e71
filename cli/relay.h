// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_RELAY_H_
#define SLUICE_CLI_RELAY_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice relay`: publishes the messages of topics on other nodes, or
// under another name.
//
// `settings` is read when the verb runs and must live as long.
void AddRelay(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_RELAY_H_
