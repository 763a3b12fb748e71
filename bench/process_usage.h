// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_PROCESS_USAGE_H_
#define SLUICE_BENCH_PROCESS_USAGE_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/status/statusor.h"

namespace sluice {

// What a process has used since it started, from /proc. A value type.
struct ProcessUsage {
  double cpu_seconds = 0;           // user and system, of all its threads
  uint64_t voluntary_switches = 0;  // of the threads that still live
  uint64_t involuntary_switches = 0;
  uint64_t threads = 0;
  uint64_t rss_bytes = 0;
  uint64_t peak_rss_bytes = 0;

  // What was used since `before`; threads and memory stay as they
  // are.
  ProcessUsage Since(const ProcessUsage& before) const;
};

// NotFound when there is no such process. The processor time has the kernel's
// resolution, usually 10 ms.
absl::StatusOr<ProcessUsage> ReadProcessUsage(pid_t pid);

}  // namespace sluice

#endif  // SLUICE_BENCH_PROCESS_USAGE_H_
