// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_STATS_H_
#define SLUICE_CLI_STATS_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice stats`: the counts of topics and channels, once or again and
// again with rates.
//
// `settings` is read when the verb runs and must live as long.
void AddStats(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_STATS_H_
