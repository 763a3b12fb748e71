// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Publishes that are tried again under their request id.
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/committer.h"
#include "server/queue/fake_committer_node.h"
#include "server/queue/recovery.h"

namespace sluice {
namespace {

using testing::SizeIs;

const WriteRules kDiskRules{Durability::kDisk, 0};
const WriteRules kMemoryRules{Durability::kMemory, 100};

class CommitterDedupTest : public CommitterTest {
 protected:
  std::shared_ptr<Answer> StartWithId(const std::shared_ptr<Topic>& topic,
                                      const std::string& request_id,
                                      const std::vector<std::string>& bodies = {
                                          "a", "b"}) {
    auto answer = std::make_shared<Answer>();
    committer_.Publish(
        topic, MakeBlock(bodies), Durability::kUnspecified,
        [answer](absl::StatusOr<PublishOutcome> outcome) {
          answer->outcome = std::move(outcome);
          answer->done.Notify();
        },
        request_id);
    return answer;
  }
  Sequence FirstMessage(const std::shared_ptr<Topic>& topic,
                        const std::string& request_id) {
    return StartWithId(topic, request_id)->Wait()->first_message_id;
  }
  // The window that a restart finds for the topic.
  std::unique_ptr<DedupWindow> Recovered(const Topic& topic) {
    auto recovered = Recover(node_.store);
    for (RecoveredTopic& each : recovered->topics) {
      if (each.id == topic.id()) return std::move(each.dedup);
    }
    return nullptr;
  }
  void WriteTopicRecord(Topic& topic) {
    committer_.Write(topic.CreationRecords(), nullptr);
    Settle();
  }
};

TEST_F(CommitterDedupTest, ARepeatedRequestGetsTheFirstAnswer) {
  const auto topic = MakeTopic("t", kDiskRules);
  EXPECT_EQ(FirstMessage(topic, "once"), 1u);
  const auto again = StartWithId(topic, "once", {"other", "bodies", "three"});
  ASSERT_TRUE(again->Wait().ok());
  EXPECT_EQ(again->outcome->first_message_id, 1u);
  EXPECT_EQ(again->outcome->message_count, 2u);
  EXPECT_EQ(again->outcome->durability, Durability::kDisk);
  EXPECT_EQ(topic->log().end(), 3u);
  EXPECT_EQ(FirstMessage(topic, "another"), 3u);
}

TEST_F(CommitterDedupTest, TopicsDoNotShareIds) {
  const auto topic = MakeTopic("t", kDiskRules);
  const auto other = MakeTopic("u", kDiskRules);
  EXPECT_EQ(FirstMessage(topic, "once"), 1u);
  FirstMessage(other, "before");
  EXPECT_EQ(FirstMessage(other, "once"), 3u);
}

TEST_F(CommitterDedupTest, OneThatComesWhileTheFirstIsWrittenWaitsForIt) {
  const auto topic = MakeTopic("t", kDiskRules);
  node_.store.HoldAppends();
  const auto first = StartWithId(topic, "once");
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  const auto second = StartWithId(topic, "once");
  EXPECT_FALSE(second->is_there());
  node_.store.ReleaseAppends();
  EXPECT_EQ(first->Wait()->first_message_id, 1u);
  EXPECT_EQ(second->Wait()->first_message_id, 1u);
  EXPECT_EQ(topic->log().end(), 3u);
}

TEST_F(CommitterDedupTest, TwoInOneCommitArePublishedOnce) {
  const auto topic = MakeTopic("t", kDiskRules);
  node_.store.HoldAppends();
  Start(topic, {"x"});
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  const auto first = StartWithId(topic, "once");
  const auto second = StartWithId(topic, "once");
  node_.store.LetOneAppendThrough();
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  EXPECT_FALSE(second->is_there());
  node_.store.ReleaseAppends();
  EXPECT_EQ(first->Wait()->first_message_id, 2u);
  EXPECT_EQ(second->Wait()->first_message_id, 2u);
  EXPECT_EQ(topic->log().end(), 4u);
}

TEST_F(CommitterDedupTest, AFailedRequestDoesNotUseUpItsId) {
  const auto topic = MakeTopic("t", kDiskRules);
  node_.store.HoldAppends();
  Start(topic, {"x"});
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  const auto first = StartWithId(topic, "once");
  const auto second = StartWithId(topic, "once");
  node_.store.LetOneAppendThrough();
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  // What the failed write left on disk must not speak for the next one.
  node_.store.memory().FailNextAppendForTest(
      MemoryMessageStore::FailedAppend::kAllWritten);
  node_.store.ReleaseAppends();
  EXPECT_FALSE(first->Wait().ok());
  EXPECT_FALSE(second->Wait().ok()) << "it waited for the first";
  node_.store.memory().CrashForTest(MemoryMessageStore::Crash::kProcessKill);
  const auto retry = StartWithId(topic, "once");
  ASSERT_TRUE(retry->Wait().ok());
  const Sequence stored = retry->outcome->first_message_id;
  EXPECT_GE(stored, 4u) << "2 and 3 failed";
  EXPECT_EQ(FirstMessage(topic, "once"), stored);
  WriteTopicRecord(*topic);
  const auto window = Recovered(*topic);
  ASSERT_NE(window, nullptr);
  EXPECT_EQ(window->Find("once", node_.clock.WallNow())->first_message_id,
            stored)
      << "the failed one's record is gone, too";
}

TEST_F(CommitterDedupTest, ACleanStopForgetsAFailedRequest) {
  const auto topic = MakeTopic("t", kDiskRules);
  WriteTopicRecord(*topic);
  node_.store.memory().FailNextAppendForTest(
      MemoryMessageStore::FailedAppend::kAllWritten);
  ASSERT_FALSE(StartWithId(topic, "once")->Wait().ok());
  node_.store.memory().CrashForTest(MemoryMessageStore::Crash::kProcessKill);
  ASSERT_TRUE(node_.store.Record(DedupKey(topic->id(), 1)).has_value());
  ASSERT_TRUE(committer_.Stop({topic}).ok());
  EXPECT_FALSE(node_.store.Record(DedupKey(topic->id(), 1)).has_value());
  EXPECT_EQ(Recovered(*topic), nullptr);
}

// Its date steps back five minutes after it was read once.
class SteppingClock : public Clock {
 public:
  absl::Time WallNow() override {
    const absl::Time now = absl::FromUnixSeconds(date_.load());
    if (steps_back_.exchange(false)) date_ -= 300;
    return now;
  }
  SteadyTime SteadyNow() override { return SteadyTime(); }
  void Advance() { date_ += 300; }
  void StepBackAfterTheNextReading() { steps_back_ = true; }

 private:
  std::atomic<int64_t> date_{1'700'000'000};
  std::atomic<bool> steps_back_{false};
};

TEST_F(CommitterDedupTest, AnIdStandsOnceThoughTheDateStepsBack) {
  SteppingClock clock;
  Committer committer(
      {node_.store, clock, node_.budget, gate_, node_.io_pool, kSyncInterval});
  const auto topic = MakeTopic("t", kDiskRules);
  const auto publish = [&] {
    absl::Notification done;
    committer.Publish(
        topic, MakeBlock({"a"}), Durability::kUnspecified,
        [&](const absl::StatusOr<PublishOutcome>&) { done.Notify(); }, "once");
    done.WaitForNotification();
  };
  publish();
  clock.Advance();
  clock.StepBackAfterTheNextReading();
  publish();
  ASSERT_TRUE(committer.Stop({}).ok());
  EXPECT_EQ(topic->log().end(), 3u) << "the first had expired";
  EXPECT_EQ(topic->dedup->size(), 1u);
}

TEST_F(CommitterDedupTest, AnIdIsFreeAgainAfterTheWindowOnDiskToo) {
  const auto topic = MakeTopic("t", kDiskRules);
  EXPECT_EQ(FirstMessage(topic, "once"), 1u);
  EXPECT_TRUE(node_.store.Record(DedupKey(topic->id(), 1)).has_value());
  Advance(absl::Minutes(5) - absl::Seconds(1));
  EXPECT_EQ(FirstMessage(topic, "once"), 1u);
  Advance(absl::Seconds(1));
  Settle();
  EXPECT_FALSE(node_.store.Record(DedupKey(topic->id(), 1)).has_value());
  EXPECT_EQ(FirstMessage(topic, "once"), 3u);
}

TEST_F(CommitterDedupTest, ARestartRemembersWhatWasWrittenWithItsMessages) {
  const auto topic = MakeTopic("t", kDiskRules);
  FirstMessage(topic, "once");
  WriteTopicRecord(*topic);
  const auto window = Recovered(*topic);
  ASSERT_NE(window, nullptr);
  const auto found = window->Find("once", node_.clock.WallNow());
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->first_message_id, 1u);
  EXPECT_EQ(found->message_count, 2u);
  EXPECT_EQ(found->durability, Durability::kDisk);
}

TEST_F(CommitterDedupTest, IdsOfMessagesInMemoryAreWrittenDownWithThem) {
  const auto topic = MakeTopic("t", kMemoryRules);
  EXPECT_EQ(StartWithId(topic, "once")->Wait()->durability,
            Durability::kMemory);
  EXPECT_EQ(FirstMessage(topic, "once"), 1u);
  WriteTopicRecord(*topic);
  EXPECT_EQ(Recovered(*topic), nullptr) << "a crash takes both";
  ASSERT_TRUE(committer_.Stop({topic}).ok());
  const auto window = Recovered(*topic);
  ASSERT_NE(window, nullptr);
  EXPECT_EQ(window->Find("once", node_.clock.WallNow())->first_message_id, 1u);
}

TEST_F(CommitterDedupTest, ADeletedTopicLeavesNoIds) {
  const auto topic = MakeTopic("t", kDiskRules);
  FirstMessage(topic, "once");
  committer_.Write(topic->Delete().records, nullptr);
  EXPECT_EQ(ErrorReason(StartWithId(topic, "once")->Wait().status()),
            "TOPIC_NOT_FOUND");
  EXPECT_FALSE(node_.store.Record(DedupKey(topic->id(), 1)).has_value());
}

TEST_F(CommitterDedupTest, WithoutAnIdNothingIsRemembered) {
  const auto topic = MakeTopic("t", kDiskRules);
  ASSERT_TRUE(Publish(topic, {"a"}).ok());
  EXPECT_THAT(node_.store.batches(), SizeIs(1));
  EXPECT_EQ(node_.store.batches()[0].records, 0u);
  Settle();
  EXPECT_EQ(topic->dedup, nullptr);
}

}  // namespace
}  // namespace sluice
