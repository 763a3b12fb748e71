// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_PUBLISH_GATE_H_
#define SLUICE_SERVER_QUEUE_PUBLISH_GATE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace sluice {

// Counts the bytes of publishes that were read but not yet committed. Whoever
// reads publishes looks here before the next read: not reading is the
// back-pressure that slows a publisher down to the disk's speed.
//
// Thread-safe.
class PublishGate {
 public:
  explicit PublishGate(uint64_t capacity_bytes);

  bool full() const {
    return pending_bytes_.load(std::memory_order_relaxed) >= capacity_bytes_;
  }
  uint64_t pending_bytes() const { return pending_bytes_.load(); }

  // Calls `resume` once, when half of the capacity is free again: on the thread
  // that freed it, or at once, before returning, when there is room already.
  // It must return quickly.
  void WhenRoom(std::function<void()> resume) ABSL_LOCKS_EXCLUDED(mu_);

  // For the committer: bytes that came to wait, bytes that no longer do.
  void Enter(uint64_t bytes) { pending_bytes_ += bytes; }
  void Leave(uint64_t bytes) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  bool HasRoom() const { return pending_bytes_.load() <= capacity_bytes_ / 2; }

  const uint64_t capacity_bytes_;
  std::atomic<uint64_t> pending_bytes_{0};
  std::atomic<bool> has_waiting_{false};

  absl::Mutex mu_;
  std::vector<std::function<void()>> waiting_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_PUBLISH_GATE_H_
