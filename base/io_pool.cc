// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/io_pool.h"

#include <utility>

namespace sluice {

IoPool::IoPool(int threads) : most_threads_(static_cast<size_t>(threads)) {}

IoPool::~IoPool() { Stop(); }

void IoPool::Submit(std::function<void()> task) {
  absl::MutexLock lock(&mu_);
  if (stopping_) return;
  tasks_.push_back(std::move(task));
  if (tasks_.size() > free_threads_ && threads_.size() < most_threads_) {
    threads_.emplace_back([this] { Run(); });
    ++free_threads_;  // as soon as it runs
  }
}

void IoPool::Stop() {
  std::deque<std::function<void()>> dropped;
  std::vector<std::thread> ending;
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    dropped.swap(tasks_);
    ending.swap(threads_);
  }
  for (std::thread& thread : ending) thread.join();
}

void IoPool::Run() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return stopping_ || !tasks_.empty();
  };
  absl::MutexLock lock(&mu_);
  while (true) {
    mu_.Await(absl::Condition(&has_work));
    if (stopping_) return;
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    --free_threads_;
    mu_.Unlock();
    task();
    task = nullptr;  // what it holds may take a while to go, or submit a task
    mu_.Lock();
    ++free_threads_;
  }
}

}  // namespace sluice
