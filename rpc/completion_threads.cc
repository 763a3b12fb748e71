// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/completion_threads.h"

#include <algorithm>
#include <thread>

namespace sluice {

int CompletionThreads::DefaultCount() {
  constexpr int kMost = 4;
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(cores, 1, kMost);
}

CompletionThreads::CompletionThreads(grpc::ServerBuilder& builder, int count) {
  threads_.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    threads_.push_back(
        std::make_unique<CompletionThread>(builder.AddCompletionQueue()));
  }
}

void CompletionThreads::Start() {
  for (const auto& thread : threads_) thread->Start();
}

void CompletionThreads::Stop() {
  for (const auto& thread : threads_) thread->Stop();
}

CompletionThread& CompletionThreads::Next() {
  return *threads_[next_.fetch_add(1, std::memory_order_relaxed) %
                   threads_.size()];
}

}  // namespace sluice
