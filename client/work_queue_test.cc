// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/work_queue.h"

#include <atomic>
#include <thread>
#include <utility>

#include "gtest/gtest.h"

namespace sluice {
namespace {

WorkItem Item(uint64_t ticket) {
  WorkItem item;
  item.ticket = ticket;
  item.message = std::make_unique<Message>();
  return item;
}

std::vector<WorkItem> Items(std::vector<uint64_t> tickets) {
  std::vector<WorkItem> items;
  for (const uint64_t ticket : tickets) items.push_back(Item(ticket));
  return items;
}

TEST(WorkQueue, GivesOutTheOldestFirst) {
  WorkQueue queue;
  queue.Push(Items({1, 2}));
  queue.Push(Items({3}));
  for (uint64_t ticket = 1; ticket <= 3; ++ticket) {
    WorkItem item;
    ASSERT_TRUE(queue.Pop(&item));
    EXPECT_EQ(item.ticket, ticket);
  }
  EXPECT_EQ(queue.size(), 0u);
}

TEST(WorkQueue, WakesAWorkerThatWaits) {
  WorkQueue queue;
  WorkItem item;
  std::thread worker([&] { queue.Pop(&item); });
  queue.Push(Items({7}));
  worker.join();
  EXPECT_EQ(item.ticket, 7u);
}

TEST(WorkQueue, ClosingEndsTheWait) {
  WorkQueue queue;
  bool popped = true;
  std::thread worker([&] {
    WorkItem item;
    popped = queue.Pop(&item);
  });
  queue.Close();
  worker.join();
  EXPECT_FALSE(popped);
}

TEST(WorkQueue, GivesOutNothingWhileItIsHeld) {
  WorkQueue queue;
  queue.Hold();
  queue.Hold();
  queue.Push(Items({1}));
  std::atomic<bool> popped{false};
  std::thread worker([&] {
    WorkItem item;
    popped = queue.Pop(&item);
  });
  queue.Release(1);
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_FALSE(popped);
  queue.Release(1);
  worker.join();
  EXPECT_TRUE(popped);
}

TEST(WorkQueue, TakesOutMessagesAndLeavesJobs) {
  WorkQueue queue;
  std::vector<WorkItem> items = Items({1, 2});
  bool ran = false;
  WorkItem job;
  job.job = [&ran] { ran = true; };
  items.push_back(std::move(job));
  queue.Push(std::move(items));
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.TakeMessages().size(), 2u);
  EXPECT_EQ(queue.size(), 0u);
  WorkItem item;
  ASSERT_TRUE(queue.Pop(&item));
  item.job();
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace sluice
