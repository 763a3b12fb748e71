// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_CHANNEL_H_
#define SLUICE_CLI_CHANNEL_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice channel`: lists, makes and manages the channels of a topic.
//
// `settings` is read when the verb runs and must live as long.
void AddChannel(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_CHANNEL_H_
