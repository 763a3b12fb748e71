// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_IN_PARALLEL_H_
#define SLUICE_CLI_IN_PARALLEL_H_

#include <cstddef>
#include <functional>

namespace sluice {

// Runs `work` with 0 to `count` - 1, several at a time, and returns when all
// are done. For calls to many nodes, most of whose time is waiting. `work` must
// be thread-safe.
void InParallel(size_t count, const std::function<void(size_t)>& work);

}  // namespace sluice

#endif  // SLUICE_CLI_IN_PARALLEL_H_
