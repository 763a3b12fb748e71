// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_LOOKUP_H_
#define SLUICE_CLI_LOOKUP_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice lookup`: shows what the lookups know of a topic, each and all
// together; or hides a node for it.
//
// `settings` is read when the verb runs and must live as long.
void AddLookup(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_LOOKUP_H_
