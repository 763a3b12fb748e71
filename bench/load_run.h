// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_LOAD_RUN_H_
#define SLUICE_BENCH_LOAD_RUN_H_

#include <vector>

#include "absl/status/statusor.h"
#include "bench/load_options.h"
#include "bench/load_report.h"

namespace sluice {

// Does what the options say, from one thread, and returns what was measured.
//
// The clock of a phase starts when all connections and streams are open, and
// stops when the last publish is answered, or when the node has confirmed, by
// closing the subscriptions, that every delivered message is finished. An error
// from the node ends the run and is returned, as is silence for a minute.
absl::StatusOr<std::vector<LoadPhase>> RunLoad(const LoadOptions& options);

}  // namespace sluice

#endif  // SLUICE_BENCH_LOAD_RUN_H_
