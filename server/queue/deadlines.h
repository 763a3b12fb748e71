// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_DEADLINES_H_
#define SLUICE_SERVER_QUEUE_DEADLINES_H_

#include <cstdint>
#include <memory>
#include <queue>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"

namespace sluice {

// Something with a next deadline: a channel.
class DeadlineListener {
 public:
  virtual ~DeadlineListener() = default;
  // Called on the deadline thread when a time given to Schedule() has come;
  // may call Schedule(). Returns the next one; InfiniteFuture for none.
  virtual SteadyTime OnDeadline(SteadyTime now) = 0;
};

// One thread that wakes whoever asked, exactly when asked: no sampling, no
// tick. A listener schedules only when its earliest deadline becomes earlier,
// so under load it is here about once per message timeout, not once per
// message.
//
// Thread-safe.
class Deadlines {
 public:
  // Starts the thread. With a clock that stands still (tests) call Poll().
  explicit Deadlines(Clock& clock);
  ~Deadlines();
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  // Calls listener->OnDeadline at `when`, if it is still alive.
  void Schedule(SteadyTime when, std::weak_ptr<DeadlineListener> listener)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Runs what is due now, on this thread; when it returns, no call for what was
  // due is under way on the other.
  void Poll() ABSL_LOCKS_EXCLUDED(poll_mu_, mu_);

  // No call is under way or comes afterwards. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Entry {
    SteadyTime when;
    std::weak_ptr<DeadlineListener> listener;
    bool operator<(const Entry& other) const { return other.when < when; }
  };

  void Run();

  Clock& clock_;
  absl::Mutex poll_mu_ ABSL_ACQUIRED_BEFORE(mu_);  // one poll at a time
  absl::Mutex mu_;
  absl::CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::priority_queue<Entry> entries_ ABSL_GUARDED_BY(mu_);  // earliest on top
  std::thread thread_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_DEADLINES_H_
