// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/io_pool.h"

#include <atomic>
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
