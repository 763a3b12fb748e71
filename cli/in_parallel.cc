// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/in_parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace sluice {
namespace {

// Enough for a few dead nodes to be waited for at once.
constexpr size_t kThreads = 32;

}  // namespace

void InParallel(size_t count, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next{0};
  const auto take_turns = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> threads;
  for (size_t i = 1; i < std::min(count, kThreads); ++i) {
    threads.emplace_back(take_turns);
  }
  take_turns();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace sluice
