// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Under --config=tsan a test below fails when ThreadSanitizer misses an order
// that Abseil makes. Elsewhere they show no more than that Abseil works.

#include <thread>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

constexpr int kRounds = 500;

TEST(ThreadSanitizer, SeesThatAMutexOrdersItsHolders) {
  absl::Mutex mutex;
  int value = 0;
  const auto add = [&] {
    for (int i = 0; i < kRounds; ++i) {
      absl::MutexLock lock(&mutex);
      ++value;
    }
  };
  std::thread other(add);
  add();
  other.join();
  EXPECT_EQ(value, 2 * kRounds);
}

TEST(ThreadSanitizer, SeesThatReadersAndWritersAreOrdered) {
  absl::Mutex mutex;
  int value = 0;
  std::thread reader([&] {
    for (int i = 0; i < kRounds; ++i) {
      absl::ReaderMutexLock lock(&mutex);
      EXPECT_GE(value, 0);
    }
  });
  for (int i = 0; i < kRounds; ++i) {
    if (!mutex.TryLock()) mutex.Lock();
    ++value;
    mutex.Unlock();
  }
  reader.join();
  EXPECT_EQ(value, kRounds);
}

TEST(ThreadSanitizer, SeesThatAConditionVariableHandsOver) {
  absl::Mutex mutex;
  absl::CondVar changed;
  int value = 0;
  std::thread writer([&] {
    absl::MutexLock lock(&mutex);
    value = 1;
    changed.SignalAll();
  });
  {
    absl::MutexLock lock(&mutex);
    while (value == 0) changed.WaitWithTimeout(&mutex, absl::Seconds(60));
    value = 2;
  }
  writer.join();
  EXPECT_EQ(value, 2);
}

TEST(ThreadSanitizer, SeesThatAnAwaitedConditionIsOrdered) {
  absl::Mutex mutex;
  int value = 0;
  const auto all_added = [&] { return value == kRounds; };
  std::thread writer([&] {
    for (int i = 0; i < kRounds; ++i) {
      absl::MutexLock lock(&mutex);
      ++value;
    }
  });
  {
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&all_added));
    ++value;
  }
  writer.join();
  EXPECT_EQ(value, kRounds + 1);
}

TEST(ThreadSanitizer, SeesThatANotificationOrders) {
  int value = 0;
  absl::Notification waited_for;
  absl::Notification polled;
  std::thread writer([&] {
    value = 1;
    waited_for.Notify();
    polled.WaitForNotification();
    EXPECT_EQ(value, 2);
  });
  waited_for.WaitForNotification();
  value = 2;
  polled.Notify();
  writer.join();
}

TEST(ThreadSanitizer, SeesThatAPolledNotificationOrders) {
  int value = 0;
  absl::Notification notified;
  std::thread writer([&] {
    value = 1;
    notified.Notify();
  });
  while (!notified.HasBeenNotified()) std::this_thread::yield();
  EXPECT_EQ(value, 1);
  writer.join();
}

TEST(ThreadSanitizer, SeesThatABlockingCounterOrders) {
  int first = 0;
  int second = 0;
  absl::BlockingCounter running(2);
  std::thread one([&] {
    first = 1;
    running.DecrementCount();
  });
  std::thread two([&] {
    second = 1;
    running.DecrementCount();
  });
  running.Wait();
  EXPECT_EQ(first + second, 2);
  one.join();
  two.join();
}

#ifdef __SANITIZE_THREAD__
TEST(ThreadSanitizerDeathTest, StillReportsARace) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto race = [] {
    int value = 0;
    const auto add = [&] { ++value; };
    std::thread one(add);
    std::thread two(add);
    one.join();
    two.join();
  };
  EXPECT_DEATH(race(), "ThreadSanitizer: data race");
}
#endif

}  // namespace
}  // namespace sluice
