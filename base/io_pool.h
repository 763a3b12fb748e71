// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BASE_IO_POOL_H_
#define SLUICE_BASE_IO_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace sluice {

// A few threads that may wait, for a disk or for a client. The queue of tasks
// is bounded by who submits. A thread starts when a task finds none that is
// free; most pools never need their last.
//
// Thread-safe. The destructor drops what has not started and joins.
class IoPool {
 public:
  // At most `threads`.
  explicit IoPool(int threads);
  ~IoPool();
  IoPool(const IoPool&) = delete;
  IoPool& operator=(const IoPool&) = delete;

  // Runs `task` on a pool thread, in order of submission. After Stop() it is
  // dropped.
  void Submit(std::function<void()> task) ABSL_LOCKS_EXCLUDED(mu_);

  // Waits for running tasks, drops the others, joins. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run();

  const size_t most_threads_;

  absl::Mutex mu_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  size_t free_threads_ ABSL_GUARDED_BY(mu_) = 0;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mu_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_BASE_IO_POOL_H_
