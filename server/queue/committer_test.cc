// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// What a commit is made of, and how it is answered.
#include "server/queue/committer.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/fake_committer_node.h"

namespace sluice {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const WriteRules kDiskRules{Durability::kDisk, 0};
const WriteRules kOsRules{Durability::kOs, 0};

WriteRules MemoryRules(uint32_t mem_queue_size) {
  return {Durability::kMemory, mem_queue_size};
}

TEST_F(CommitterTest, WhatComesDuringAWriteIsOneNextWrite) {
  const auto topic = MakeTopic("t", kDiskRules);
  node_.store.HoldAppends();
  const auto first = Start(topic, {"a"});
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  std::vector<std::shared_ptr<Answer>> later;
  for (int i = 0; i < 20; ++i) later.push_back(Start(topic, {"b"}));
  EXPECT_FALSE(first->is_there());
  node_.store.ReleaseAppends();
  EXPECT_EQ(first->Wait()->first_message_id, 1u);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(later[i]->Wait()->first_message_id, uint64_t(2 + i));
  }
  const auto batches = node_.store.batches();
  ASSERT_THAT(batches, SizeIs(2));
  EXPECT_EQ(batches[0].blocks, 1u);
  EXPECT_EQ(batches[1].blocks, 20u);
  EXPECT_TRUE(batches[1].sync);
}

TEST_F(CommitterTest, MemoryPublishesDoNotWaitForSomebodyElsesWrite) {
  const auto disk = MakeTopic("disk", kDiskRules);
  const auto memory = MakeTopic("memory", MemoryRules(100));
  ASSERT_TRUE(Publish(memory, {"the first sets ids aside"}).ok());
  node_.store.HoldAppends();
  Start(disk, {"a"});
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  const auto slow = Start(disk, {"b"});
  const auto quick = Start(memory, {"c"});
  node_.store.LetOneAppendThrough();
  EXPECT_EQ(quick->Wait()->durability, Durability::kMemory);
  EXPECT_FALSE(slow->is_there());
  node_.store.ReleaseAppends();
  EXPECT_TRUE(slow->Wait().ok());
}

// Whether something is going on cannot be seen from outside: the thread may
// still be at its upkeep. In the end it rests.
TEST_F(CommitterTest, WhatStaysInMemoryIsCommittedByItsPublisherInTheEnd) {
  const auto topic = MakeTopic("t", MemoryRules(1 << 20));
  ASSERT_TRUE(Publish(topic, {"the first sets ids aside"}).ok());
  FakeClient client = Subscribe(*topic, 10);
  const std::thread::id publisher = std::this_thread::get_id();
  bool here = false;
  for (uint64_t id = 2; id < 10'000 && !here; ++id) {
    absl::Notification answered;
    committer_.Publish(topic, MakeBlock({"a"}), Durability::kUnspecified,
                       [&](absl::StatusOr<PublishOutcome> outcome) {
                         EXPECT_EQ(outcome->first_message_id, id);
                         here = std::this_thread::get_id() == publisher;
                         answered.Notify();
                       });
    answered.WaitForNotification();
  }
  EXPECT_TRUE(here);
  EXPECT_FALSE(client.Take().empty());
}

TEST_F(CommitterTest, PublishesToMemoryAndToDiskAtOnceLoseNoNumber) {
  constexpr int kEach = 2000;
  const auto memory = MakeTopic("memory", MemoryRules(1 << 20));
  const auto disk = MakeTopic("disk", kDiskRules);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) {
        const auto& topic = (n + i) % 50 == 0 ? disk : memory;
        ASSERT_TRUE(Publish(topic, {"a"}).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const uint64_t published =
      (memory->log().end() - 1) + (disk->log().end() - 1);
  EXPECT_EQ(published, uint64_t{4} * kEach);
}

TEST_F(CommitterTest, NothingIsVisibleBeforeItIsWritten) {
  const auto topic = MakeTopic("t", kDiskRules);
  FakeClient client = Subscribe(*topic, 10);
  node_.store.HoldAppends();
  const auto answer = Start(topic, {"a"});
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  EXPECT_THAT(client.Take(), IsEmpty());
  node_.store.ReleaseAppends();
  ASSERT_TRUE(answer->Wait().ok());
  EXPECT_THAT(client.Take(), SizeIs(1));
}

TEST_F(CommitterTest, ALevelIsTheStrongerOfTopicAndWish) {
  const auto topic = MakeTopic("t", kOsRules);
  EXPECT_EQ(Publish(topic, {"a"})->durability, Durability::kOs);
  EXPECT_EQ(Publish(topic, {"a"})->durability, Durability::kOs);
  EXPECT_FALSE(node_.store.batches().back().sync);
  EXPECT_EQ(Publish(topic, {"a"}, Durability::kMemory)->durability,
            Durability::kOs);
  EXPECT_EQ(Publish(topic, {"a"}, Durability::kDisk)->durability,
            Durability::kDisk);
  EXPECT_TRUE(node_.store.batches().back().sync);
}

TEST_F(CommitterTest, AMemoryTopicOverflowsPastItsQueue) {
  const auto topic = MakeTopic("t", MemoryRules(3));
  EXPECT_EQ(Publish(topic, {"a", "b"})->durability, Durability::kMemory);
  EXPECT_EQ(Publish(topic, {"c", "d"})->durability, Durability::kOs);
  EXPECT_EQ(Publish(topic, {"e"})->durability, Durability::kMemory);
  EXPECT_EQ(topic->log().tail().queued_messages(), 3u);
}

TEST_F(CommitterTest, WhatOneCommitNumbersCountsAgainstTheQueue) {
  const auto disk = MakeTopic("disk", kDiskRules);
  const auto topic = MakeTopic("t", MemoryRules(3));
  node_.store.HoldAppends();
  Start(disk, {"x"});
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  const auto first = Start(topic, {"a", "b"});
  const auto second = Start(topic, {"c", "d"});
  node_.store.ReleaseAppends();
  EXPECT_EQ(first->Wait()->durability, Durability::kMemory);
  EXPECT_EQ(second->Wait()->durability, Durability::kOs);
}

TEST_F(CommitterTest, PublishesToADeletedTopicAreRefused) {
  const auto topic = MakeTopic("t", kDiskRules);
  topic->Delete();
  EXPECT_EQ(ErrorReason(Publish(topic, {"a"}).status()), "TOPIC_NOT_FOUND");
  EXPECT_THAT(node_.store.batches(), IsEmpty());
}

TEST_F(CommitterTest, RecordsAreOnDiskWhenTheyAreAnswered) {
  absl::Notification written;
  committer_.Write({{StateFamily::kMeta, "k", "v"}},
                   [&](absl::Status) { written.Notify(); });
  written.WaitForNotification();
  EXPECT_EQ(node_.store.Record("k"), "v");
  EXPECT_TRUE(node_.store.batches().back().sync);
}

TEST_F(CommitterTest, TheGateCountsWhatWaits) {
  const auto topic = MakeTopic("t", kDiskRules);
  node_.store.HoldAppends();
  const auto answer = Start(topic, {"a"});
  EXPECT_GT(gate_.pending_bytes(), 0u);
  node_.store.ReleaseAppends();
  ASSERT_TRUE(answer->Wait().ok());
  Settle();
  EXPECT_EQ(gate_.pending_bytes(), 0u);
}

TEST_F(CommitterTest, NothingOfAnEphemeralTopicIsWritten) {
  const auto topic = MakeTopic("t#ephemeral", kDiskRules);
  EXPECT_EQ(Publish(topic, {"a"}, Durability::kDisk)->durability,
            Durability::kMemory);
  EXPECT_THAT(node_.store.batches(), IsEmpty());
}

TEST_F(CommitterTest, AnEphemeralTopicKeepsItsNewestMessages) {
  const auto topic = MakeTopic("t#ephemeral", MemoryRules(5));
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Publish(topic, {"a"}).ok());
  EXPECT_EQ(topic->log().tail().queued_messages(), 5u);
  EXPECT_EQ(topic->log().tail().QueuedStart(), 6u);
}

}  // namespace
}  // namespace sluice
