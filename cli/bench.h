// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_BENCH_H_
#define SLUICE_CLI_BENCH_H_

#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// Adds `sluice bench`: publishes and consumes messages as fast as they go, or
// at a rate, and measures it.
//
// `settings` is read when the verb runs and must live as long.
void AddBench(Command root, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_BENCH_H_
