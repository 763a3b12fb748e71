// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Finished messages that stay for a time.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/committer.h"
#include "server/queue/fake_committer_node.h"

namespace sluice {
namespace {

using testing::ElementsAre;

const WriteRules kDiskRules{Durability::kDisk, 0};

class RetentionTest : public CommitterTest {
 protected:
  std::shared_ptr<Topic> MakeRetaining(absl::Duration retention,
                                       const WriteRules& rules = kDiskRules,
                                       const TopicLog::Start& start = {}) {
    auto topic = MakeTopic("t", rules, start);
    SetRetention(*topic, retention, rules);
    return topic;
  }
  void SetRetention(Topic& topic, absl::Duration retention,
                    const WriteRules& rules = kDiskRules) {
    TopicConfigChange change;
    change.values.retention = retention;
    change.sets_retention = true;
    absl::Notification done;
    topic.Update(change, rules, [&](absl::Status status) {
      EXPECT_TRUE(status.ok()) << status;
      done.Notify();
    });
    done.WaitForNotification();
  }
  PublishOutcome PublishNow(const std::shared_ptr<Topic>& topic,
                            const std::string& body) {
    Answer answer;
    committer_.Publish(topic, MakeBlock({body}, node_.clock.WallNow()),
                       Durability::kUnspecified,
                       [&](absl::StatusOr<PublishOutcome> outcome) {
                         answer.outcome = std::move(outcome);
                         answer.done.Notify();
                       });
    return *answer.Wait();
  }
  // Publishes and has the only channel finish it.
  void PassThrough(const std::shared_ptr<Topic>& topic,
                   const std::string& body) {
    PublishNow(topic, body);
    FakeClient client = Subscribe(*topic, 10);
    client.Finish(client.Take());
  }
  // So long that cursors are saved and the log is looked over.
  void LetTimePass(absl::Duration duration) {
    for (; duration > absl::ZeroDuration(); duration -= absl::Seconds(5)) {
      Advance(std::min(duration, absl::Seconds(5)));
    }
  }
};

TEST_F(RetentionTest, FinishedMessagesStayAsLongAsTheyAreToldTo) {
  const auto topic = MakeRetaining(absl::Minutes(1));
  PassThrough(topic, "a");
  LetTimePass(absl::Seconds(55));
  EXPECT_EQ(topic->log().first(), 1u);
  const auto late =
      topic->FindOrCreateChannel("late", StartPosition::kEarliest, nullptr);
  FakeClient client = Attach(*late, 10);
  const auto taken = client.Take();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].sequence, 1u);
  client.Finish(taken);
  LetTimePass(absl::Seconds(30));
  EXPECT_EQ(topic->log().first(), 2u);
  EXPECT_THAT(node_.store.WaitForForgotten(1), ElementsAre(2u));
  EXPECT_EQ(topic->log().bytes(), 0u);
}

TEST_F(RetentionTest, WithoutItFinishedMessagesGo) {
  const auto topic = MakeTopic("t", kDiskRules);
  PassThrough(topic, "a");
  LetTimePass(absl::Seconds(15));
  EXPECT_EQ(topic->log().first(), 2u);
}

TEST_F(RetentionTest, WhatIsNotFinishedStaysLonger) {
  const auto topic = MakeRetaining(absl::Seconds(10));
  PublishNow(topic, "a");
  FakeClient client = Subscribe(*topic, 10);
  const auto taken = client.Take();
  LetTimePass(absl::Minutes(1));
  EXPECT_EQ(topic->log().first(), 1u);
  client.Finish(taken);
  LetTimePass(absl::Seconds(20));
  EXPECT_EQ(topic->log().first(), 2u);
}

TEST_F(RetentionTest, OldMessagesGoBeforeNewOnes) {
  const auto topic = MakeRetaining(absl::Minutes(2));
  for (int i = 0; i < 18; ++i) {
    PassThrough(topic, "x");
    LetTimePass(absl::Seconds(10));
  }
  // The first seven are two minutes old.
  EXPECT_GE(topic->log().first(), 5u);
  EXPECT_LE(topic->log().first(), 8u);
}

TEST_F(RetentionTest, InMemoryTheyCountAgainstTheMemoryQueue) {
  const auto topic = MakeRetaining(absl::Minutes(1), {Durability::kMemory, 2});
  PassThrough(topic, "a");
  PassThrough(topic, "b");
  EXPECT_EQ(topic->log().tail().queued_messages(), 2u);
  EXPECT_EQ(PublishNow(topic, "c").durability, Durability::kOs);
  FakeClient client = Subscribe(*topic, 10);
  client.Finish(client.Take());
  LetTimePass(absl::Seconds(90));
  EXPECT_EQ(topic->log().tail().queued_messages(), 0u);
  EXPECT_EQ(PublishNow(topic, "d").durability, Durability::kMemory);
}

TEST_F(RetentionTest, AShorterOneCountsAtOnce) {
  const auto topic = MakeRetaining(absl::Hours(1));
  PassThrough(topic, "a");
  LetTimePass(absl::Minutes(1));
  EXPECT_EQ(topic->log().first(), 1u);
  SetRetention(*topic, absl::ZeroDuration());
  LetTimePass(absl::Seconds(15));
  EXPECT_EQ(topic->log().first(), 2u);
}

TEST_F(RetentionTest, TheAgeOfWhatAnEarlierRunWroteIsReadFromTheLog) {
  TopicLog::Start start;
  {
    const auto before = MakeTopic("before", kDiskRules);
    for (int i = 0; i < 6; ++i) {
      PublishNow(before, "x");
      node_.clock.Advance(absl::Minutes(1));
    }
    start.end = before->log().end();
    start.end_offset = before->log().next_offset();
    Settle();
  }
  --last_topic_;  // the same log, opened again
  const auto topic = MakeRetaining(absl::Minutes(3), kDiskRules, start);
  FakeClient client = Subscribe(*topic, 10);
  for (size_t finished = 0; finished < 6;) {
    const auto taken = client.TakeSome();
    ASSERT_FALSE(taken.empty());
    client.Finish(taken);
    finished += taken.size();
  }
  LetTimePass(absl::Seconds(5));
  node_.FinishIo();
  LetTimePass(absl::Seconds(15));
  EXPECT_GE(topic->log().first(), 3u);
  EXPECT_LE(topic->log().first(), 5u);
}

}  // namespace
}  // namespace sluice
