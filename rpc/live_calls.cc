// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/live_calls.h"

namespace sluice {

void LiveCalls::Expect() {
  absl::MutexLock lock(&mu_);
  ++objects_;
}

void LiveCalls::Add(LiveCall* call) {
  absl::MutexLock lock(&mu_);
  calls_.insert(call);
  if (stopped_) call->OnStop();
}

void LiveCalls::Remove(LiveCall* call) {
  absl::MutexLock lock(&mu_);
  calls_.erase(call);
  --objects_;
}

void LiveCalls::Drain() {
  absl::MutexLock lock(&mu_);
  for (LiveCall* const call : calls_) call->OnDrain();
}

void LiveCalls::ServingChanged() {
  absl::MutexLock lock(&mu_);
  for (LiveCall* const call : calls_) call->OnServingChanged();
}

void LiveCalls::Stop() {
  absl::MutexLock lock(&mu_);
  stopped_ = true;
  for (LiveCall* const call : calls_) call->OnStop();
}

void LiveCalls::WaitUntilNoCalls(absl::Duration timeout) {
  const auto none = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return calls_.empty();
  };
  absl::MutexLock lock(&mu_);
  mu_.AwaitWithTimeout(absl::Condition(&none), timeout);
}

void LiveCalls::WaitUntilNothing() {
  const auto nothing = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return objects_ == 0;
  };
  absl::MutexLock lock(&mu_);
  mu_.Await(absl::Condition(&nothing));
}

}  // namespace sluice
