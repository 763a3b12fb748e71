// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_LATENCY_OPTIONS_H_
#define SLUICE_BENCH_LATENCY_OPTIONS_H_

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"
#include "bench/latency_run.h"

namespace sluice {

enum class LatencyProtocol { kSluice, kNsq, kNsqBuffered };

// The command line of //bench:latency. A value type.
struct LatencyCommand {
  LatencyProtocol protocol = LatencyProtocol::kSluice;
  std::string address = "127.0.0.1:4150";
  std::string topic = "latency";
  std::string channel = "latency";
  LatencyOptions run;
  pid_t server_pid = 0;  // whose usage is reported; 0: nobody's
};

// On --help the text is in `help` and the answer is empty options;
// InvalidArgument for a bad flag or value.
absl::StatusOr<LatencyCommand> ParseLatencyCommand(int argc,
                                                   const char* const* argv,
                                                   std::string* help);

}  // namespace sluice

#endif  // SLUICE_BENCH_LATENCY_OPTIONS_H_
