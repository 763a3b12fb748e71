// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/io_pool.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(IoPool, OneThreadRunsTasksInOrder) {
  IoPool pool(1);
  std::vector<int> ran;
  absl::Notification done;
  for (int i = 0; i < 100; ++i) pool.Submit([&ran, i] { ran.push_back(i); });
  pool.Submit([&] { done.Notify(); });
  done.WaitForNotification();
  ASSERT_EQ(ran.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ran[i], i);
}

TEST(IoPool, ASlowTaskLeavesTheOtherThreadsFree) {
  absl::Notification release;  // outlives the tasks, which the pool waits for
  absl::Notification other_ran;
  IoPool pool(2);
  pool.Submit([&] { release.WaitForNotification(); });
  pool.Submit([&] { other_ran.Notify(); });
  other_ran.WaitForNotification();
  release.Notify();
}

// How many threads of this process there are, from the kernel.
size_t CountThreads() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator("/proc/self/task")) {
    ++count;
  }
  return count;
}

TEST(IoPool, StartsAThreadOnlyWhenNoneIsFree) {
  const size_t before = CountThreads();
  IoPool pool(8);
  EXPECT_EQ(CountThreads(), before);
  for (int i = 0; i < 3; ++i) {
    // Shared, for the task may look at it a little longer than this does.
    const auto release = std::make_shared<absl::Notification>();
    const auto running = std::make_shared<absl::Notification>();
    const auto beside = std::make_shared<absl::Notification>();
    pool.Submit([release, running] {
      running->Notify();
      release->WaitForNotification();
    });
    running->WaitForNotification();
    pool.Submit([beside] { beside->Notify(); });
    beside->WaitForNotification();
    release->Notify();
  }
  // One may still be putting its task away when the next is submitted.
  EXPECT_GE(CountThreads(), before + 2);
  EXPECT_LE(CountThreads(), before + 4);
}

TEST(IoPool, StopWaitsForWhatRunsAndDropsTheRest) {
  absl::Notification running;
  absl::Notification release;
  IoPool pool(1);
  std::atomic<int> ran{0};
  auto dropped = std::make_shared<int>(0);
  pool.Submit([&] {
    running.Notify();
    release.WaitForNotification();
    ++ran;
  });
  pool.Submit([&ran, dropped] { ++ran; });
  running.WaitForNotification();
  EXPECT_EQ(dropped.use_count(), 2);
  std::thread stopper([&] { pool.Stop(); });
  release.Notify();
  stopper.join();
  EXPECT_LE(ran, 2);
  EXPECT_EQ(dropped.use_count(), 1);
  pool.Stop();
  pool.Submit([&ran] { ran = 100; });
  EXPECT_NE(ran, 100);
}

}  // namespace
}  // namespace sluice
