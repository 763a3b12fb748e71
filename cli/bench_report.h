// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_BENCH_REPORT_H_
#define SLUICE_CLI_BENCH_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "cli/number_text.h"
#include "cli/table.h"

namespace sluice {

// What one side of a benchmark came to.
struct BenchResult {
  std::string what;  // "published" or "consumed"
  uint64_t messages = 0;
  uint64_t failed = 0;
  uint64_t bytes = 0;
  absl::Duration time;
  // Of the messages that were timed.
  uint64_t timed = 0;
  absl::Duration p50, p99, p999, max;
};

// For people; latencies in milliseconds, "-" where nothing was timed.
Table BenchTable(const std::vector<BenchResult>& results, NumberStyle style);

// For programs: one object, in bytes and seconds.
std::string BenchJson(const BenchResult& result);

}  // namespace sluice

#endif  // SLUICE_CLI_BENCH_REPORT_H_
