// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// What becomes of a commit that the store could not write, once the store takes
// writes again.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/committer.h"
#include "server/queue/fake_committer_node.h"
#include "server/queue/recovery.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using FailedAppend = MemoryMessageStore::FailedAppend;

const WriteRules kDiskRules{Durability::kDisk, 0};
const WriteRules kOsRules{Durability::kOs, 0};

WriteRules MemoryRules(uint32_t mem_queue_size) {
  return {Durability::kMemory, mem_queue_size};
}

class CommitterFailureTest : public CommitterTest {
 protected:
  void FailNextWrite(FailedAppend left = FailedAppend::kNothingWritten) {
    node_.store.memory().FailNextAppendForTest(left);
  }
  // As the store does by itself when a full disk has room again.
  void ReopenStore() {
    node_.store.memory().CrashForTest(MemoryMessageStore::Crash::kProcessKill);
  }
  // Something that has nothing to do with any topic is written.
  void WriteAnything() {
    absl::Notification written;
    committer_.Write({{StateFamily::kMeta, "anything", "1"}},
                     [&](absl::Status status) {
                       EXPECT_TRUE(status.ok()) << status;
                       written.Notify();
                     });
    written.WaitForNotification();
  }
  // A record whose write fails.
  void FailRecord(const std::string& key) {
    FailNextWrite();
    absl::Notification done;
    committer_.Write({{StateFamily::kMeta, key, "1"}},
                     [&](absl::Status status) {
                       EXPECT_FALSE(status.ok());
                       done.Notify();
                     });
    done.WaitForNotification();
  }
  // What a node finds that starts on what the store holds now.
  Recovered RecoverNow() {
    auto recovered = Recover(node_.store);
    EXPECT_TRUE(recovered.ok()) << recovered.status();
    return *std::move(recovered);
  }
  std::vector<std::string> Bodies(FakeClient& client) {
    std::vector<std::string> bodies;
    for (const TakenMessage& message : client.Take()) {
      bodies.push_back(message.body);
    }
    return bodies;
  }
};

// Whatever the failed write left on disk.
class LeftoverTest : public CommitterFailureTest,
                     public testing::WithParamInterface<FailedAppend> {};

TEST_F(CommitterFailureTest, AFailedWriteFailsAllOfItsTopicsMessages) {
  const auto topic = MakeTopic("t", MemoryRules(2));
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  node_.store.HoldAppends();
  const auto disk = MakeTopic("disk", kDiskRules);
  Start(disk, {"x"});
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  // Both are numbered in one commit; the second must not stand without the
  // first.
  const auto overflow = Start(topic, {"b", "c"});
  const auto in_memory = Start(topic, {"d"});
  node_.store.LetOneAppendThrough();
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  node_.store.memory().FailNextAppendForTest();
  node_.store.ReleaseAppends();
  EXPECT_FALSE(overflow->Wait().ok());
  EXPECT_FALSE(in_memory->Wait().ok());
  EXPECT_EQ(topic->log().CountMessages(1, topic->log().end()), 1u);
}

TEST_P(LeftoverTest, NumbersOfAFailedWriteAreNeverUsedAgain) {
  const auto topic = MakeTopic("t", kDiskRules);
  FakeClient client = Subscribe(*topic, 100);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  FailNextWrite(GetParam());
  EXPECT_EQ(ErrorReason(Publish(topic, {"b", "c"}).status()),
            "STORE_UNAVAILABLE");
  EXPECT_THAT(Bodies(client), ElementsAre("a"));
  ReopenStore();
  EXPECT_EQ(Publish(topic, {"d"})->first_message_id, 4u);
  EXPECT_THAT(Bodies(client), ElementsAre("d"));
  EXPECT_EQ(topic->log().CountMessages(1, topic->log().end()), 2u);
}

TEST_P(LeftoverTest, WhatAFailedWriteLeftIsGoneOnceTheTopicGoesOn) {
  const auto topic = MakeTopic("t", kDiskRules);
  committer_.Write(topic->CreationRecords(), nullptr);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  FailNextWrite(GetParam());
  ASSERT_FALSE(Publish(topic, {"b", "c"}).ok());
  ReopenStore();
  ASSERT_TRUE(Publish(topic, {"d"}).ok());
  const auto blocks =
      node_.store.ReadBlocks(topic->id(), 0, UINT64_MAX, SIZE_MAX);
  ASSERT_TRUE(blocks.ok());
  ASSERT_THAT(*blocks, SizeIs(2));
  EXPECT_EQ((*blocks)[1]->first_sequence(), 4u);
  // A crash now: the next run counts two messages and numbers on.
  const Recovered recovered = RecoverNow();
  ASSERT_THAT(recovered.topics, SizeIs(1));
  const TopicLog::Start& log = recovered.topics[0].log;
  EXPECT_EQ(log.end, 5u);
  EXPECT_EQ(log.gaps.CountIn(log.first, log.end), 2u);
}

TEST_P(LeftoverTest, WhatAFailedWriteLeftIsGoneOnceAnythingIsWritten) {
  const auto topic = MakeTopic("t", kDiskRules);
  committer_.Write(topic->CreationRecords(), nullptr);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  FailNextWrite(GetParam());
  ASSERT_FALSE(Publish(topic, {"b", "c"}).ok());
  ReopenStore();
  WriteAnything();
  EXPECT_EQ(node_.store.Extent(topic->id())->end, 2u);
  // A crash now: nobody has seen 2 and 3, and nobody ever will.
  const TopicLog::Start log = RecoverNow().topics.at(0).log;
  EXPECT_EQ(log.end, 4u);
  EXPECT_EQ(log.gaps.CountIn(1, 4), 2u);
}

TEST_P(LeftoverTest, ACursorBehindTheGapIsSavedWithTheGap) {
  const auto topic = MakeTopic("t", kDiskRules);
  committer_.Write(topic->CreationRecords(), nullptr);
  FakeClient client = Subscribe(*topic, 100);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  FailNextWrite(GetParam());
  ASSERT_FALSE(Publish(topic, {"b", "c"}).ok());
  ReopenStore();
  client.Finish(client.Take());
  EXPECT_THAT(client.Take(), IsEmpty());  // and steps over the gap
  Advance(absl::Seconds(1));
  ASSERT_EQ(SavedCursor(*topic).cursor, 4u);
  const RecoveredTopic recovered = std::move(RecoverNow().topics.at(0));
  EXPECT_EQ(recovered.log.end, 4u) << "what comes next must not be below it";
  EXPECT_EQ(node_.store.Extent(topic->id())->end, 2u);
}

TEST_P(LeftoverTest, AMemoryMessageWaitsForTheMarkThatAFailedWriteLeft) {
  const auto topic = MakeTopic("t", MemoryRules(100));
  FailNextWrite(GetParam());  // the one that sets ids aside
  ASSERT_FALSE(Publish(topic, {"a"}).ok());
  ReopenStore();
  node_.store.HoldAppends();
  const auto answer = Start(topic, {"b"});
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  EXPECT_FALSE(answer->is_there());
  node_.store.ReleaseAppends();
  EXPECT_TRUE(answer->Wait().ok());
  EXPECT_GT(SavedMark(*topic).reserved_until, 1000u);
}

TEST_P(LeftoverTest, ACrashBeforeTheTopicGoesOnUsesNoIdTwice) {
  const auto topic = MakeTopic("t", kOsRules);
  committer_.Write(topic->CreationRecords(), nullptr);
  FakeClient client = Subscribe(*topic, 100);
  FailNextWrite(GetParam());  // the one that sets ids aside
  ASSERT_FALSE(Publish(topic, {"a"}).ok());
  ReopenStore();
  ASSERT_EQ(Publish(topic, {"b"})->first_message_id, 2u);
  EXPECT_GT(SavedMark(*topic).reserved_until, 1000u);
  EXPECT_GT(RecoverNow().topics.at(0).log.end, 1000u);
}

INSTANTIATE_TEST_SUITE_P(Left, LeftoverTest,
                         testing::Values(FailedAppend::kNothingWritten,
                                         FailedAppend::kAllWritten));

TEST_F(CommitterFailureTest, ACleanStopAfterAFailureKeepsTheGap) {
  const auto topic = MakeTopic("t", kDiskRules);
  committer_.Write(topic->CreationRecords(), nullptr);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  FailNextWrite(FailedAppend::kAllWritten);
  ASSERT_FALSE(Publish(topic, {"b", "c"}).ok());
  ReopenStore();
  ASSERT_TRUE(committer_.Stop({topic}).ok());
  const Recovered recovered = RecoverNow();
  const TopicLog::Start& log = recovered.topics.at(0).log;
  EXPECT_EQ(log.end, 4u);
  EXPECT_EQ(log.gaps.CountIn(1, 4), 2u);
}

TEST_F(CommitterFailureTest, CursorsOfAFailedWriteAreSavedLater) {
  const auto topic = MakeTopic("t", kDiskRules);
  FakeClient client = Subscribe(*topic, 10);
  ASSERT_TRUE(Publish(topic, {"a", "b"}).ok());
  for (const TakenMessage& message : client.Take()) {
    std::vector<DeliveryId> failed;
    client.subscription->Finish({message.id}, &failed);
    EXPECT_THAT(failed, IsEmpty());
  }
  FailNextWrite();
  Advance(absl::Seconds(1));
  EXPECT_LT(SavedCursor(*topic).cursor, 3u);
  ReopenStore();
  Advance(absl::Seconds(1));
  EXPECT_EQ(SavedCursor(*topic).cursor, 3u);
}

TEST_F(CommitterFailureTest, EmptyingIsAnsweredByACommitThatSavesTheCursor) {
  const auto topic = MakeTopic("t", kDiskRules);
  FakeClient client = Subscribe(*topic, 10);
  ASSERT_TRUE(Publish(topic, {"a", "b"}).ok());
  const auto empty = [&] {
    absl::Notification done;
    absl::Status answered;
    topic->EmptyChannel("c", [&](absl::Status status) {
      answered = std::move(status);
      done.Notify();
    });
    done.WaitForNotification();
    return answered;
  };
  FailNextWrite();
  EXPECT_FALSE(empty().ok());
  EXPECT_LT(SavedCursor(*topic).cursor, 3u);
  ReopenStore();
  EXPECT_TRUE(empty().ok());
  EXPECT_EQ(SavedCursor(*topic).cursor, 3u);
  EXPECT_TRUE(node_.store.batches().back().sync);
  EXPECT_EQ((*topic->FindChannel("c"))->saved_floor(), 3u);
}

TEST_F(CommitterFailureTest, RecordsOfAFailedWriteGoWithTheNext) {
  absl::Status answered;
  absl::Notification done;
  FailNextWrite();
  committer_.Write({{StateFamily::kMeta, "a", "1"}}, nullptr);
  committer_.Write({{StateFamily::kMeta, "b", "1"}}, [&](absl::Status status) {
    answered = status;
    done.Notify();
  });
  done.WaitForNotification();
  EXPECT_FALSE(answered.ok());
  Settle();
  ReopenStore();
  absl::Notification written;
  committer_.Write({{StateFamily::kMeta, "b", "2"}},
                   [&](absl::Status) { written.Notify(); });
  written.WaitForNotification();
  EXPECT_EQ(node_.store.Record("a"), "1");
  EXPECT_EQ(node_.store.Record("b"), "2");
}

TEST_F(CommitterFailureTest, RecordsOfAFailedWriteAreTriedAgainByThemselves) {
  FailRecord("a");
  Settle();  // fails as well
  ReopenStore();
  node_.clock.Advance(absl::Seconds(1));
  EXPECT_TRUE(node_.store.WaitForRecord(
      "a", [](const auto& record) { return record.has_value(); }));
}

TEST_F(CommitterFailureTest, ACleanStopWritesTheRecordsOfAFailedWrite) {
  FailRecord("a");
  ReopenStore();
  ASSERT_TRUE(committer_.Stop({}).ok());
  EXPECT_EQ(node_.store.Record("a"), "1");
}

TEST_F(CommitterFailureTest, AStopThatCannotWriteThemSaysSo) {
  FailRecord("a");
  EXPECT_EQ(ErrorReason(committer_.Stop({})), "STORE_UNAVAILABLE");
}

}  // namespace
}  // namespace sluice
