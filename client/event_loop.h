// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_EVENT_LOOP_H_
#define SLUICE_CLIENT_EVENT_LOOP_H_

#include <cstdint>
#include <functional>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "grpcpp/alarm.h"
#include "grpcpp/completion_queue.h"

namespace sluice {

// What a completion queue's tag points at. Alive until its operation is done.
class LoopEvent {
 public:
  // `ok` as gRPC documents it for the operation. May destroy the event.
  virtual void OnDone(bool ok) = 0;
  // For gRPC, which carries it as void*.
  void* tag() { return this; }

 protected:
  ~LoopEvent() = default;
};

// Calls a member function of its owner.
//
//   MemberLoopEvent<Call, &Call::OnRead> on_read_{this};
template <typename Owner, void (Owner::*kMethod)(bool)>
class MemberLoopEvent final : public LoopEvent {
 public:
  explicit MemberLoopEvent(Owner* owner) : owner_(owner) {}
  void OnDone(bool ok) override { (owner_->*kMethod)(ok); }

 private:
  Owner* const owner_;
};

// The one thread that does a connection's work: operations of gRPC, timers and
// tasks run on it one after another, so that their state needs no lock.
// Nothing that runs here may block.
class EventLoop {
 public:
  using Task = std::function<void()>;
  using TimerId = uint64_t;

  EventLoop();
  // Waits until every Lease is given back, then ends the thread; timers that
  // are still set do not run. Not on the loop's own thread.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  grpc::CompletionQueue* queue() { return &queue_; }
  bool OnThread() const {
    return std::this_thread::get_id() == thread_.get_id();
  }

  // Runs `task` on the loop. From any thread. Callers bound how many they post:
  // one that is still to run is enough for each of them.
  void Post(Task task) ABSL_LOCKS_EXCLUDED(mu_);

  // Runs `task` on the loop once so much time has passed. On the loop only.
  TimerId RunAfter(absl::Duration delay, Task task);
  // Nothing when it ran already. On the loop only.
  void Cancel(TimerId id);

  // Keeps the loop running: held by whatever has operations in the queue.
  class Lease {
   public:
    explicit Lease(EventLoop* loop);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

   private:
    EventLoop* const loop_;
  };

 private:
  using TimerKey = std::pair<int64_t, TimerId>;  // when, which

  void Run();
  void RunDueTimers();
  void OnWake(bool ok) ABSL_LOCKS_EXCLUDED(mu_);

  grpc::CompletionQueue queue_;
  MemberLoopEvent<EventLoop, &EventLoop::OnWake> on_wake_{this};

  // Of the loop's thread.
  std::map<TimerKey, Task> timers_;
  std::map<TimerId, TimerKey> timer_keys_;
  TimerId last_timer_ = 0;

  absl::Mutex mu_;
  std::vector<Task> tasks_ ABSL_GUARDED_BY(mu_);
  grpc::Alarm alarm_ ABSL_GUARDED_BY(mu_);
  bool woken_ ABSL_GUARDED_BY(mu_) = false;  // the alarm is in the queue
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  int leases_ ABSL_GUARDED_BY(mu_) = 0;

  std::thread thread_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_EVENT_LOOP_H_
