// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_LOAD_REPORT_H_
#define SLUICE_BENCH_LOAD_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "bench/process_usage.h"

namespace sluice {

// What was measured while one thing was done. A value type.
struct LoadPhase {
  std::string name;  // "publish", "preload", "consume", "both" or "hold"
  double seconds = 0;
  uint64_t published = 0;  // messages that were answered
  uint64_t published_bytes = 0;
  uint64_t consumed = 0;  // messages that were delivered and finished
  uint64_t consumed_bytes = 0;
  double client_cpu_seconds = 0;
  absl::optional<ProcessUsage> server;  // where --server-pid was given

  double published_per_second() const;
  double consumed_per_second() const;
  // Processor time of the server per million messages. A message that was both
  // published and consumed counts once.
  double server_cpu_seconds_per_million() const;
};

// For people, one block per phase.
std::string LoadReportAsText(const std::vector<LoadPhase>& phases);

// {"phases":[{...}]}, one line.
std::string LoadReportAsJson(const std::vector<LoadPhase>& phases);

}  // namespace sluice

#endif  // SLUICE_BENCH_LOAD_REPORT_H_
