// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/load_run.h"

#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/completion_loop.h"
#include "bench/connection.h"
#include "bench/consumers.h"
#include "bench/process_usage.h"
#include "bench/publishers.h"

namespace sluice {
namespace {

constexpr std::chrono::seconds kConnectPatience(3);

absl::Status CheckReachable(const LoadOptions& options) {
  const auto deadline = std::chrono::system_clock::now() + kConnectPatience;
  if (Connect(options.address)->WaitForConnected(deadline)) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat("no node answers at ", options.address));
}

// Measures from its making to Stop.
class Stopwatch {
 public:
  Stopwatch(const LoadOptions& options, std::string name)
      : server_pid_(options.server_pid),
        client_before_(Usage(getpid())),
        server_before_(Usage(server_pid_)),
        start_(absl::Now()) {
    phase_.name = std::move(name);
  }

  LoadPhase Stop() {
    phase_.seconds = absl::ToDoubleSeconds(absl::Now() - start_);
    phase_.client_cpu_seconds =
        Usage(getpid()).Since(client_before_).cpu_seconds;
    if (server_pid_ != 0) {
      phase_.server = Usage(server_pid_).Since(server_before_);
    }
    return phase_;
  }

 private:
  static ProcessUsage Usage(pid_t pid) {
    return ReadProcessUsage(pid).value_or(ProcessUsage());
  }

  const pid_t server_pid_;
  const ProcessUsage client_before_;
  const ProcessUsage server_before_;
  const absl::Time start_;
  LoadPhase phase_;
};

absl::Time Deadline(const LoadOptions& options) {
  return options.duration > absl::ZeroDuration()
             ? absl::Now() + options.duration
             : absl::InfiniteFuture();
}

// Makes the channels, so that what is published belongs to each of them.
absl::Status MakeChannels(const LoadOptions& options, CompletionLoop* loop) {
  LoadOptions one_each = options;
  one_each.streams = 1;
  Consumers consumers(one_each, loop);
  const absl::Status opened = consumers.Open();
  const absl::Status ended = consumers.Close();
  return ended.ok() ? opened : ended;
}

absl::StatusOr<LoadPhase> Publish(const LoadOptions& options, const char* name,
                                  CompletionLoop* loop) {
  Publishers publishers(options, loop);
  absl::Status status = publishers.Open();
  Stopwatch stopwatch(options, name);
  publishers.Begin();
  if (!loop->RunUntil(Deadline(options), [&] { return publishers.done(); })) {
    publishers.StopSending();
    status.Update(loop->Await("for the last publishes to be answered",
                              [&] { return publishers.done(); }));
  }
  LoadPhase phase = stopwatch.Stop();
  status.Update(publishers.Close());
  if (!status.ok()) return status;
  publishers.Report(&phase);
  return phase;
}

absl::StatusOr<LoadPhase> Consume(const LoadOptions& options,
                                  CompletionLoop* loop) {
  Consumers consumers(options, loop);
  absl::Status status = consumers.Open();
  Stopwatch stopwatch(options, "consume");
  consumers.Begin();
  if (!loop->RunUntil(Deadline(options), [&] { return consumers.done(); })) {
    consumers.StopConsuming();
    status.Update(loop->Await("for the last messages to be finished",
                              [&] { return consumers.done(); }));
  }
  LoadPhase phase = stopwatch.Stop();
  status.Update(consumers.Close());
  if (!status.ok()) return status;
  consumers.Report(&phase);
  return phase;
}

absl::StatusOr<LoadPhase> PublishAndConsume(const LoadOptions& options,
                                            CompletionLoop* loop) {
  Consumers consumers(options, loop);
  Publishers publishers(options, loop);
  absl::Status status = consumers.Open();
  status.Update(publishers.Open());
  const auto done = [&] {
    return publishers.failed() || consumers.failed() ||
           (publishers.done() && consumers.done());
  };
  Stopwatch stopwatch(options, "both");
  consumers.Begin();
  publishers.Begin();
  if (!loop->RunUntil(Deadline(options), done)) {
    publishers.StopSending();
    consumers.StopConsuming();
    status.Update(loop->Await("for the last messages", done));
  }
  LoadPhase phase = stopwatch.Stop();
  status.Update(publishers.Close());
  status.Update(consumers.Close());
  if (!status.ok()) return status;
  publishers.Report(&phase);
  consumers.Report(&phase);
  return phase;
}

// Subscribes to everything, and waits while nothing happens.
absl::StatusOr<LoadPhase> Hold(const LoadOptions& options,
                               CompletionLoop* loop) {
  Consumers consumers(options, loop);
  absl::Status status = consumers.Open();
  consumers.Begin();
  Stopwatch stopwatch(options, "hold");
  loop->RunUntil(Deadline(options), [&] { return consumers.failed(); });
  LoadPhase phase = stopwatch.Stop();
  status.Update(consumers.Close());
  if (!status.ok()) return status;
  return phase;
}

}  // namespace

absl::StatusOr<std::vector<LoadPhase>> RunLoad(const LoadOptions& options) {
  absl::Status status = CheckReachable(options);
  if (!status.ok()) return status;
  CompletionLoop loop;
  const bool publishes = options.mode == LoadMode::kPublish ||
                         options.mode == LoadMode::kBoth || options.preload;
  if (publishes) status = MakeChannels(options, &loop);
  if (!status.ok()) return status;

  std::vector<LoadPhase> phases;
  const auto add = [&phases, &status](absl::StatusOr<LoadPhase> phase) {
    if (phase.ok()) {
      phases.push_back(*std::move(phase));
    } else {
      status.Update(phase.status());
    }
  };
  switch (options.mode) {
    case LoadMode::kPublish:
      add(Publish(options, "publish", &loop));
      break;
    case LoadMode::kConsume:
      if (options.preload) {
        LoadOptions preload = options;
        preload.duration = absl::ZeroDuration();
        add(Publish(preload, "preload", &loop));
      }
      if (status.ok()) add(Consume(options, &loop));
      break;
    case LoadMode::kBoth:
      add(PublishAndConsume(options, &loop));
      break;
    case LoadMode::kHold:
      add(Hold(options, &loop));
      break;
  }
  if (!status.ok()) return status;
  return phases;
}

}  // namespace sluice
