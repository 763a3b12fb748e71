// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/wake_signal.h"

#include <utility>

#include "grpc/support/time.h"

namespace sluice {

WakeSignal::WakeSignal(grpc::CompletionQueue* queue,
                       std::function<void()> on_wake)
    : queue_(queue), on_wake_(std::move(on_wake)) {}

void WakeSignal::Raise() {
  absl::MutexLock lock(&mu_);
  if (closed_ || raised_ != nullptr) return;
  raised_ = shared_from_this();
  alarm_.Set(queue_, gpr_time_0(GPR_CLOCK_MONOTONIC), tag());
}

void WakeSignal::Close() {
  absl::MutexLock lock(&mu_);
  closed_ = true;
}

void WakeSignal::OnComplete(bool) {
  std::shared_ptr<WakeSignal> self;
  bool closed;
  {
    absl::MutexLock lock(&mu_);
    self = std::move(raised_);
    closed = closed_;
  }
  if (!closed) on_wake_();
}

}  // namespace sluice
