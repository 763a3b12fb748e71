// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_PUB_H_
#define SLUICE_CLI_PUB_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice pub`: publishes arguments, or the records of a file or of
// standard input.
//
// `settings` is read when the verb runs and must live as long.
void AddPub(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_PUB_H_
