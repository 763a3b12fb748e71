// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Measures latency at a fixed rate: see README.md, or --help.

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "bench/latency_options.h"
#include "bench/latency_run.h"
#include "bench/nsq_path.h"
#include "bench/process_usage.h"
#include "bench/sluice_path.h"

namespace sluice {
namespace {

std::unique_ptr<MessagePath> MakePath(const LatencyCommand& command) {
  if (command.protocol == LatencyProtocol::kSluice) {
    return MakeSluicePath(command.address, command.topic, command.channel);
  }
  return MakeNsqPath(command.address, command.topic, command.channel,
                     command.protocol == LatencyProtocol::kNsqBuffered);
}

ProcessUsage Usage(pid_t pid) {
  return ReadProcessUsage(pid).value_or(ProcessUsage());
}

nlohmann::json AsJson(const Histogram& nanoseconds) {
  const auto seconds = [](uint64_t value) {
    return static_cast<double>(value) / 1e9;
  };
  return {{"count", nanoseconds.count()},
          {"mean", nanoseconds.mean() / 1e9},
          {"p50", seconds(nanoseconds.ValueAt(0.5))},
          {"p99", seconds(nanoseconds.ValueAt(0.99))},
          {"p999", seconds(nanoseconds.ValueAt(0.999))},
          {"max", seconds(nanoseconds.max())}};
}

int Main(int argc, char** argv) {
  std::string help;
  const auto command = ParseLatencyCommand(argc, argv, &help);
  if (!command.ok()) {
    std::cerr << "latency: " << command.status().message() << "\n";
    return 2;
  }
  if (!help.empty()) {
    std::cout << help;
    return 0;
  }
  const auto path = MakePath(*command);
  const absl::Status opened = path->Open();
  if (!opened.ok()) {
    std::cerr << "latency: " << opened << "\n";
    return 1;
  }
  const ProcessUsage before = Usage(command->server_pid);
  const auto report = RunLatency(command->run, path.get());
  if (!report.ok()) {
    std::cerr << "latency: " << report.status() << "\n";
    return 1;
  }
  const ProcessUsage used = Usage(command->server_pid).Since(before);
  std::cout << nlohmann::json({{"latency", AsJson(report->latency)},
                               {"lateness", AsJson(report->lateness)},
                               {"server",
                                {{"cpu_seconds", used.cpu_seconds},
                                 {"peak_rss_bytes", used.peak_rss_bytes},
                                 {"switches", used.voluntary_switches +
                                                  used.involuntary_switches}}}})
            << "\n";
  return 0;
}

}  // namespace
}  // namespace sluice

int main(int argc, char** argv) { return sluice::Main(argc, argv); }
