// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/expiry.h"

namespace sluice {

Expiry::Expiry(LookupRegistry& registry, Clock& clock)
    : registry_(registry), clock_(clock), thread_([this] { Run(); }) {}

Expiry::~Expiry() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    changed_.Signal();
  }
  thread_.join();
}

void Expiry::Reconsider() {
  absl::MutexLock lock(&mu_);
  reconsider_ = true;
  changed_.Signal();
}

void Expiry::Run() {
  while (true) {
    const SteadyTime next = registry_.Expire();
    absl::MutexLock lock(&mu_);
    if (!stopping_ && !reconsider_) {
      if (next == SteadyTime::InfiniteFuture()) {
        changed_.Wait(&mu_);
      } else {
        changed_.WaitWithTimeout(&mu_, next - clock_.SteadyNow());
      }
    }
    if (stopping_) return;
    reconsider_ = false;
  }
}

}  // namespace sluice
