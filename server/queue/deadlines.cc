// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/deadlines.h"

#include <utility>

#include "absl/time/time.h"

namespace sluice {

Deadlines::Deadlines(Clock& clock)
    : clock_(clock), thread_([this] { Run(); }) {}

Deadlines::~Deadlines() { Stop(); }

void Deadlines::Schedule(SteadyTime when,
                         std::weak_ptr<DeadlineListener> listener) {
  absl::MutexLock lock(&mu_);
  const bool is_next = entries_.empty() || when < entries_.top().when;
  entries_.push({when, std::move(listener)});
  if (is_next) changed_.Signal();
}

void Deadlines::Poll() {
  absl::MutexLock polling(&poll_mu_);
  while (true) {
    std::shared_ptr<DeadlineListener> due;
    const SteadyTime now = clock_.SteadyNow();
    {
      absl::MutexLock lock(&mu_);
      if (stopping_ || entries_.empty() || now < entries_.top().when) return;
      due = entries_.top().listener.lock();
      entries_.pop();
    }
    if (due == nullptr) continue;
    const SteadyTime next = due->OnDeadline(now);
    if (next < SteadyTime::InfiniteFuture()) Schedule(next, due);
  }
}

void Deadlines::Stop() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    changed_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

void Deadlines::Run() {
  while (true) {
    {
      absl::MutexLock lock(&mu_);
      if (stopping_) return;
      if (entries_.empty()) {
        changed_.Wait(&mu_);
      } else {
        const absl::Duration wait = entries_.top().when - clock_.SteadyNow();
        if (wait > absl::ZeroDuration()) {
          changed_.WaitWithTimeout(&mu_, wait);
        }
      }
      if (stopping_) return;
    }
    Poll();
  }
}

}  // namespace sluice
