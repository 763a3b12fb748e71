// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_COMPLETION_LOOP_H_
#define SLUICE_BENCH_COMPLETION_LOOP_H_

#include <grpcpp/completion_queue.h>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

namespace sluice {

// Runs a completion queue, whose tags are Events, on the thread that asks. It
// gives up when nothing at all happens for a minute.
class CompletionLoop {
 public:
  grpc::CompletionQueue* queue() { return &queue_; }

  // Handles events until `done`; false when `deadline` comes first, or silence.
  bool RunUntil(absl::Time deadline, absl::FunctionRef<bool()> done);

  // The same with a deadline of a minute; DeadlineExceeded, with `what` was
  // waited for, where that is false.
  absl::Status Await(const char* what, absl::FunctionRef<bool()> done);

 private:
  grpc::CompletionQueue queue_;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_COMPLETION_LOOP_H_
