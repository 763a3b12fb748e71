// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/event_loop.h"

#include <algorithm>

#include "grpc/support/time.h"

namespace sluice {
namespace {

int64_t NowNanos() { return Clock::Real().SteadyNow().nanos(); }

gpr_timespec After(int64_t nanos) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_nanos(nanos, GPR_TIMESPAN));
}

}  // namespace

EventLoop::EventLoop() : thread_([this] { Run(); }) {}

EventLoop::~EventLoop() {
  {
    const absl::MutexLock lock(&mu_);
    mu_.Await(absl::Condition(
        +[](EventLoop* self) ABSL_EXCLUSIVE_LOCKS_REQUIRED(self->mu_) {
          return self->leases_ == 0 && self->tasks_.empty();
        },
        this));
    closed_ = true;
  }
  queue_.Shutdown();
  thread_.join();
}

void EventLoop::Post(Task task) {
  const absl::MutexLock lock(&mu_);
  if (closed_) return;
  tasks_.push_back(std::move(task));
  if (woken_) return;
  woken_ = true;
  alarm_.Set(&queue_, gpr_time_0(GPR_CLOCK_MONOTONIC), on_wake_.tag());
}

void EventLoop::OnWake(bool) {
  std::vector<Task> tasks;
  {
    const absl::MutexLock lock(&mu_);
    woken_ = false;
    tasks.swap(tasks_);
    // The destructor must not pass while what was taken has not run.
    ++leases_;
  }
  for (Task& task : tasks) task();
  tasks.clear();
  const absl::MutexLock lock(&mu_);
  --leases_;
}

EventLoop::TimerId EventLoop::RunAfter(absl::Duration delay, Task task) {
  const int64_t due =
      NowNanos() + absl::ToInt64Nanoseconds(std::max(delay, absl::Duration()));
  const TimerId id = ++last_timer_;
  const TimerKey key(due, id);
  timers_[key] = std::move(task);
  timer_keys_[id] = key;
  return id;
}

void EventLoop::Cancel(TimerId id) {
  const auto found = timer_keys_.find(id);
  if (found == timer_keys_.end()) return;
  timers_.erase(found->second);
  timer_keys_.erase(found);
}

void EventLoop::RunDueTimers() {
  // Only those due now: a task may set another that is due at once.
  const int64_t now = NowNanos();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    const auto first = timers_.begin();
    const Task task = std::move(first->second);
    timer_keys_.erase(first->first.second);
    timers_.erase(first);
    task();
  }
}

void EventLoop::Run() {
  while (true) {
    // With events always at hand the queue never says that time is up.
    RunDueTimers();
    gpr_timespec deadline = gpr_inf_future(GPR_CLOCK_MONOTONIC);
    if (!timers_.empty()) {
      deadline = After(
          std::max<int64_t>(0, timers_.begin()->first.first - NowNanos()));
    }
    void* tag = nullptr;
    bool ok = false;
    const auto status = queue_.AsyncNext(&tag, &ok, deadline);
    if (status == grpc::CompletionQueue::SHUTDOWN) return;
    if (status == grpc::CompletionQueue::GOT_EVENT) {
      static_cast<LoopEvent*>(tag)->OnDone(ok);
    }
  }
}

EventLoop::Lease::Lease(EventLoop* loop) : loop_(loop) {
  const absl::MutexLock lock(&loop_->mu_);
  ++loop_->leases_;
}

EventLoop::Lease::~Lease() {
  const absl::MutexLock lock(&loop_->mu_);
  --loop_->leases_;
}

}  // namespace sluice
