// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// `sluiced`, the queue node.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "daemon/notify/notify.h"
#include "daemon/process_limits.h"
#include "daemon/termination.h"
#include "server/jemalloc_settings.h"
#include "server/options.h"
#include "server/server.h"

namespace sluice {
namespace {

enum ExitCode { kClean = 0, kFailure = 1, kUsage = 2 };

ExitCode Report(const absl::Status& status, ExitCode code) {
  std::fprintf(stderr, "sluiced: %s\n", std::string(status.message()).c_str());
  return code;
}

ExitCode Serve(const Options& options) {
  Termination termination;
  RaiseFileLimit();
  auto server = Server::Create(options, Clock::Real());
  if (!server.ok()) return Report(server.status(), kFailure);
  const absl::Status started = (*server)->Start();
  if (!started.ok()) return Report(started, kFailure);
  NotifyReady();
  termination.Wait();
  NotifyStopping();
  const absl::Status stopped = (*server)->Stop();
  return stopped.ok() ? kClean : Report(stopped, kFailure);
}

ExitCode Main(const std::vector<std::string>& arguments) {
  const auto parsed = ParseOptions(arguments, FlagSources::OfProcess());
  if (!parsed.ok()) return Report(parsed.status(), kUsage);
  if (parsed->output.has_value()) {
    std::fputs(parsed->output->c_str(), stdout);
    return kClean;
  }
  SetUpLogging(parsed->options.log_level, parsed->options.log_format);
  return Serve(parsed->options);
}

}  // namespace
}  // namespace sluice

int main(int argc, char** argv) {
  sluice::KeepLongRunsOfFreeMemory();
  // Makes a lock three times as cheap; tests keep the check.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return sluice::Main(std::vector<std::string>(argv + 1, argv + argc));
}
