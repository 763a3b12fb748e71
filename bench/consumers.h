// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_CONSUMERS_H_
#define SLUICE_BENCH_CONSUMERS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/completion_loop.h"
#include "bench/connection.h"
#include "bench/consume_stream.h"
#include "bench/load_options.h"
#include "bench/load_report.h"

namespace sluice {

// The subscribers of a run, some for each channel of messages: Open, Begin, run
// the loop until done(), Close. One thread only. The loop outlives it.
class Consumers {
 public:
  Consumers(const LoadOptions& options, CompletionLoop* loop);

  // Returns when every subscription is open, or one has failed. The channels of
  // messages exist then.
  absl::Status Open();

  void Begin();
  void StopConsuming();
  bool failed() const;

  // Whether all that was delivered is finished, and nothing more will come.
  bool done() const;

  // Ends the streams, and returns the first error of the run. Must be called.
  absl::Status Close();

  // Adds what was consumed.
  void Report(LoadPhase* phase) const;

 private:
  void AddTopic(const std::string& topic, const LoadOptions& options,
                Connections* connections);
  bool All(bool (ConsumeStream::*state)() const) const;

  CompletionLoop* const loop_;
  std::vector<std::unique_ptr<ConsumeProgress>> progress_;  // one per channel
  std::vector<std::unique_ptr<ConsumeStream>> streams_;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_CONSUMERS_H_
