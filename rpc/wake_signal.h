// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_WAKE_SIGNAL_H_
#define SLUICE_RPC_WAKE_SIGNAL_H_

#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/alarm.h"
#include "grpcpp/completion_queue.h"
#include "rpc/completion_thread.h"

namespace sluice {

// Brings a call's own completion thread to look after something that another
// thread has for it. Raising it any number of times before the thread gets
// there calls `on_wake` once.
//
// Held by shared_ptr: by the call, and by whoever may raise it, for longer than
// the call if need be. The call closes it when it ends; later raises do
// nothing.
class WakeSignal final : public CompletionEvent,
                         public std::enable_shared_from_this<WakeSignal> {
 public:
  // `on_wake` runs on the thread that serves `queue`.
  WakeSignal(grpc::CompletionQueue* queue, std::function<void()> on_wake);
  ~WakeSignal() = default;

  // From any thread, under any lock: neither blocks nor calls back.
  void Raise() ABSL_LOCKS_EXCLUDED(mu_);

  // From the call's own thread: `on_wake` is not called any more. A raise that
  // is under way drains from the queue by itself.
  void Close() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void OnComplete(bool ok) override ABSL_LOCKS_EXCLUDED(mu_);

  grpc::CompletionQueue* const queue_;
  const std::function<void()> on_wake_;

  // Held while the alarm is set, so that nothing enters the queue after Close;
  // setting one runs no code of ours.
  absl::Mutex mu_;
  grpc::Alarm alarm_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  // Set while the alarm is in the queue: the event outlives everybody else.
  std::shared_ptr<WakeSignal> raised_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_RPC_WAKE_SIGNAL_H_
