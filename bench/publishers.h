// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_PUBLISHERS_H_
#define SLUICE_BENCH_PUBLISHERS_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "bench/completion_loop.h"
#include "bench/load_options.h"
#include "bench/load_report.h"
#include "bench/publish_flow.h"

namespace sluice {

// The publish flows of a run: Open, Begin, run the loop until done(), Close.
// One thread only. The options and the loop outlive it.
class Publishers {
 public:
  Publishers(const LoadOptions& options, CompletionLoop* loop);

  // Returns when every flow is open, or one has failed.
  absl::Status Open();

  void Begin();
  void StopSending() { progress_.batches_to_send = 0; }
  bool failed() const { return !progress_.error.ok(); }

  // Whether all has been sent and answered.
  bool done() const { return failed() || progress_.done(); }

  // Ends the flows, and returns the first error of the run. Must be called.
  absl::Status Close();

  // Adds what was published.
  void Report(LoadPhase* phase) const;

 private:
  const LoadOptions& options_;
  CompletionLoop* const loop_;
  std::vector<grpc::ByteBuffer> frames_;
  PublishProgress progress_;
  std::vector<std::unique_ptr<PublishFlow>> flows_;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_PUBLISHERS_H_
