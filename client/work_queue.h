// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_WORK_QUEUE_H_
#define SLUICE_CLIENT_WORK_QUEUE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/message.h"

namespace sluice {

// Something for a worker: a message to handle, or a job where there is none.
struct WorkItem {
  uint64_t ticket = 0;
  std::unique_ptr<Message> message;
  // False once the stream that brought the message is gone: it will come again.
  std::shared_ptr<const std::atomic<bool>> alive;
  std::function<void()> job;
};

// What waits for the workers of a consumer. Bounded by what its nodes may have
// leased to it, and one job a node.
//
// Thread-safe.
class WorkQueue {
 public:
  void Push(std::vector<WorkItem> items) ABSL_LOCKS_EXCLUDED(mu_);

  // Waits for an item, the oldest first. False once the queue is closed.
  bool Pop(WorkItem* item) ABSL_LOCKS_EXCLUDED(mu_);

  // While anything holds it, nobody gets an item: a message has failed, and
  // what that means for the others is still to be decided.
  void Hold() ABSL_LOCKS_EXCLUDED(mu_);
  // So many holds are over.
  void Release(int holds) ABSL_LOCKS_EXCLUDED(mu_);

  // Takes out all messages that no worker has.
  std::vector<WorkItem> TakeMessages() ABSL_LOCKS_EXCLUDED(mu_);

  // Wakes all who wait; what is left is dropped.
  void Close() ABSL_LOCKS_EXCLUDED(mu_);

  // Messages.
  size_t size() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  mutable absl::Mutex mu_;
  std::deque<WorkItem> items_ ABSL_GUARDED_BY(mu_);
  int holds_ ABSL_GUARDED_BY(mu_) = 0;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_WORK_QUEUE_H_
