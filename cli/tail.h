// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_TAIL_H_
#define SLUICE_CLI_TAIL_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice tail`: shows what is published from now on, on an ephemeral
// channel of its own, so that it takes nothing from anybody.
//
// `settings` is read when the verb runs and must live as long.
void AddTail(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_TAIL_H_
