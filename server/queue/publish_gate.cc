// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/publish_gate.h"

#include <utility>

namespace sluice {

PublishGate::PublishGate(uint64_t capacity_bytes)
    : capacity_bytes_(capacity_bytes) {}

void PublishGate::WhenRoom(std::function<void()> resume) {
  {
    absl::MutexLock lock(&mu_);
    has_waiting_ = true;
    // Looked at only after has_waiting_ is set: a Leave() that misses the flag
    // has already made the room that this sees.
    if (!HasRoom()) {
      waiting_.push_back(std::move(resume));
      return;
    }
    has_waiting_ = !waiting_.empty();
  }
  resume();
}

void PublishGate::Leave(uint64_t bytes) {
  pending_bytes_ -= bytes;
  if (!has_waiting_ || !HasRoom()) return;
  std::vector<std::function<void()>> resumed;
  {
    absl::MutexLock lock(&mu_);
    resumed.swap(waiting_);
    has_waiting_ = false;
  }
  for (const std::function<void()>& resume : resumed) resume();
}

}  // namespace sluice
