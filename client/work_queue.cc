// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/work_queue.h"

#include <algorithm>
#include <utility>

namespace sluice {

void WorkQueue::Push(std::vector<WorkItem> items) {
  const absl::MutexLock lock(&mu_);
  if (closed_) return;
  for (WorkItem& item : items) items_.push_back(std::move(item));
}

bool WorkQueue::Pop(WorkItem* item) {
  const absl::MutexLock lock(&mu_);
  mu_.Await(absl::Condition(
      +[](WorkQueue* self) ABSL_EXCLUSIVE_LOCKS_REQUIRED(self->mu_) {
        return self->closed_ || (self->holds_ == 0 && !self->items_.empty());
      },
      this));
  if (closed_) return false;
  *item = std::move(items_.front());
  items_.pop_front();
  return true;
}

void WorkQueue::Hold() {
  const absl::MutexLock lock(&mu_);
  ++holds_;
}

void WorkQueue::Release(int holds) {
  const absl::MutexLock lock(&mu_);
  holds_ -= holds;
}

std::vector<WorkItem> WorkQueue::TakeMessages() {
  std::vector<WorkItem> messages;
  std::deque<WorkItem> jobs;
  const absl::MutexLock lock(&mu_);
  for (WorkItem& item : items_) {
    if (item.message != nullptr) {
      messages.push_back(std::move(item));
    } else {
      jobs.push_back(std::move(item));
    }
  }
  items_ = std::move(jobs);
  return messages;
}

void WorkQueue::Close() {
  std::deque<WorkItem> rest;
  const absl::MutexLock lock(&mu_);
  closed_ = true;
  rest.swap(items_);
}

size_t WorkQueue::size() const {
  const absl::MutexLock lock(&mu_);
  return static_cast<size_t>(std::count_if(
      items_.begin(), items_.end(),
      [](const WorkItem& item) { return item.message != nullptr; }));
}

}  // namespace sluice
