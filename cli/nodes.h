// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_NODES_H_
#define SLUICE_CLI_NODES_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice nodes`: lists the nodes that the lookups know, asks each how it
// is, and says which cannot be reached under the address they announce.
//
// `settings` is read when the verb runs and must live as long.
void AddNodes(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_NODES_H_
