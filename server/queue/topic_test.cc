// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/topic.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/errors.h"
#include "server/queue/fake_channel.h"
#include "server/queue/fake_commit_sink.h"
#include "server/queue/fake_node.h"
#include "server/storage/keys.h"

namespace sluice {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class TopicTest : public testing::Test {
 protected:
  TopicTest() { Open("t"); }

  void Open(const std::string& name, TopicRecord record = {},
            const TopicLog::Start& start = {}) {
    record.name = name;
    log_ = node_.MakeLog(name == "t#ephemeral", start);
    topic_ = std::make_shared<Topic>(record, WriteRules{}, log_, node_.env(),
                                     sink_, [this](Topic&) { ++abandoned_; });
  }
  void Publish(uint32_t count) {
    node_.Append(*log_, std::vector<std::string>(count, "x"),
                 LogTail::Placement::kQueued);
    topic_->OnAppended();
  }
  std::shared_ptr<Channel> Create(
      const std::string& name,
      StartPosition start = StartPosition::kUnspecified) {
    auto channel = topic_->FindOrCreateChannel(name, start, nullptr);
    EXPECT_TRUE(channel.ok()) << channel.status();
    return *std::move(channel);
  }
  FakeClient Subscribe(const std::shared_ptr<Channel>& channel) {
    auto attachment = std::make_shared<Attachment>();
    attachment->spec.message_timeout = absl::Seconds(60);
    FakeClient client;
    client.subscriber = std::make_shared<FakeSubscriber>();
    attachment->subscriber = client.subscriber;
    EXPECT_TRUE(channel->Attach(attachment).ok());
    client.subscription = std::make_unique<Subscription>(channel, attachment);
    client.subscription->SetReady(1000, 0);
    return client;
  }
  // How the last operation was answered.
  CommitSink::Done Note() {
    answered_ = false;
    return [this](absl::Status status) {
      answered_ = true;
      answer_ = std::move(status);
    };
  }

  FakeNode node_;
  FakeCommitSink sink_;
  int abandoned_ = 0;
  bool answered_ = false;
  absl::Status answer_;
  std::shared_ptr<TopicLog> log_;
  std::shared_ptr<Topic> topic_;
};

TEST_F(TopicTest, TheFirstLastingChannelGetsAllThatWaited) {
  Publish(3);
  EXPECT_EQ(topic_->Stats("", false).depth, 3u);
  EXPECT_EQ(Create("one")->Stats(false).depth, 3u);
  EXPECT_EQ(topic_->Stats("", false).depth, 0u);
  EXPECT_EQ(Create("two")->Stats(false).depth, 0u);
}

TEST_F(TopicTest, AnEphemeralChannelStartsAtTheEndAndClaimsNothing) {
  Publish(3);
  EXPECT_EQ(Create("e#ephemeral")->Stats(false).depth, 0u);
  EXPECT_EQ(topic_->Stats("", false).depth, 3u);
  EXPECT_EQ(Create("lasting")->Stats(false).depth, 3u);
}

TEST_F(TopicTest, AChannelStartsWhereItsCreatorSays) {
  Publish(3);
  EXPECT_EQ(Create("old", StartPosition::kEarliest)->Stats(false).depth, 3u);
  EXPECT_EQ(Create("new", StartPosition::kLatest)->Stats(false).depth, 0u);
}

TEST_F(TopicTest, EarliestIsNotBeforeWhatMemoryHasLetGo) {
  FakeClient client = Subscribe(Create("one"));
  Publish(3);
  client.Finish(client.Take());
  Publish(2);
  ASSERT_EQ(log_->first(), 1u) << "it moves with the next tick";
  const auto late = Create("late", StartPosition::kEarliest);
  EXPECT_EQ(late->Stats(false).depth, 2u);
  EXPECT_THAT(Subscribe(late).Take(), SizeIs(2));
}

TEST_F(TopicTest, LatestOnTheFirstChannelDropsWhatWaited) {
  Publish(3);
  Create("one", StartPosition::kLatest);
  EXPECT_EQ(topic_->NeededFrom(), 4u);
  EXPECT_EQ(log_->tail().queued_messages(), 0u);
}

TEST_F(TopicTest, AChannelThatIsThereIsFoundAndNotMadeAgain) {
  const auto channel = Create("c");
  const int writes = sink_.writes;
  const auto found =
      topic_->FindOrCreateChannel("c", StartPosition::kEarliest, nullptr);
  EXPECT_EQ(*found, channel);
  EXPECT_EQ(sink_.writes, writes);
}

TEST_F(TopicTest, AChannelThatIsThereIsAnsweredWhenItIsOnDiskToo) {
  Create("c");
  sink_.state.clear();  // as if its write had failed
  ASSERT_TRUE(
      topic_->CreateChannel("c", {}, StartPosition::kUnspecified, Note()).ok());
  EXPECT_FALSE(answered_);
  EXPECT_EQ(sink_.state.count(ChannelKey(1, 1)), 1u);
  sink_.Answer();
  EXPECT_TRUE(answered_);
  Create("e#ephemeral");
  ASSERT_TRUE(
      topic_->FindOrCreateChannel("e#ephemeral", StartPosition::kLatest, Note())
          .ok());
  EXPECT_TRUE(answered_);
}

TEST_F(TopicTest, ATopicThatIsThereIsWrittenAgain) {
  topic_->WriteAgain(Note());
  EXPECT_FALSE(answered_);
  EXPECT_EQ(sink_.state.count(TopicKey(1)), 1u);
  sink_.Answer();
  EXPECT_TRUE(answer_.ok());
  topic_->Delete();
  topic_->WriteAgain(Note());
  EXPECT_EQ(ErrorReason(answer_), "TOPIC_NOT_FOUND");
}

TEST_F(TopicTest, ANewChannelIsAnsweredWhenItIsOnDisk) {
  ASSERT_TRUE(
      topic_->FindOrCreateChannel("c", StartPosition::kUnspecified, Note())
          .ok());
  EXPECT_FALSE(answered_);
  sink_.Answer();
  EXPECT_TRUE(answered_);
  EXPECT_EQ(sink_.state.count(ChannelKey(1, 1)), 1u);
  EXPECT_EQ(sink_.state.count(CursorKey(1, 1)), 1u);
  const auto record = TopicRecord::Decode(sink_.state[TopicKey(1)]);
  EXPECT_EQ(record->next_channel_id, 2u);
}

TEST_F(TopicTest, NothingEphemeralIsWritten) {
  Create("e#ephemeral");
  EXPECT_THAT(sink_.state, IsEmpty());
  Open("t#ephemeral");
  EXPECT_THAT(topic_->CreationRecords(), IsEmpty());
  ASSERT_TRUE(
      topic_->FindOrCreateChannel("c", StartPosition::kUnspecified, Note())
          .ok());
  EXPECT_TRUE(answered_);
  EXPECT_EQ(sink_.writes, 0);
}

TEST_F(TopicTest, ADeletedChannelIsClosedAndItsRecordsGo) {
  const auto channel = Create("c");
  FakeClient client = Subscribe(channel);
  topic_->DeleteChannel("c", Note());
  EXPECT_EQ(ErrorReason(client.subscriber->closed()), "CHANNEL_NOT_FOUND");
  EXPECT_EQ(sink_.state.count(ChannelKey(1, 1)), 0u);
  EXPECT_EQ(sink_.state.count(CursorKey(1, 1)), 0u);
  sink_.Answer();
  EXPECT_TRUE(answer_.ok());
  EXPECT_EQ(ErrorReason(topic_->FindChannel("c").status()),
            "CHANNEL_NOT_FOUND");
  topic_->DeleteChannel("c", Note());
  EXPECT_EQ(ErrorReason(answer_), "CHANNEL_NOT_FOUND");
}

TEST_F(TopicTest, HasAChannelUntilItOrTheTopicIsDeleted) {
  const auto channel = Create("c");
  EXPECT_TRUE(topic_->Has(*channel));
  topic_->DeleteChannel("c", Note());
  EXPECT_FALSE(topic_->Has(*channel));
  const auto next = Create("c");
  EXPECT_FALSE(topic_->Has(*channel)) << "that is another one";
  EXPECT_TRUE(topic_->Has(*next));
  topic_->Delete();
  EXPECT_FALSE(topic_->Has(*next));
}

TEST_F(TopicTest, WhatComesAfterTheLastChannelWaitsForTheNext) {
  Publish(2);
  Create("c");
  topic_->DeleteChannel("c", Note());
  EXPECT_EQ(topic_->NeededFrom(), 3u);
  Publish(1);
  EXPECT_EQ(topic_->Stats("", false).depth, 1u);
  EXPECT_EQ(Create("d")->Stats(false).depth, 1u);
}

TEST_F(TopicTest, PausingHoldsBackWhatComesLater) {
  const auto channel = Create("c");
  Publish(1);
  topic_->SetPaused(true, Note());
  Publish(2);
  EXPECT_EQ(channel->Stats(false).depth, 1u);
  EXPECT_EQ(topic_->Stats("", false).depth, 2u);
  EXPECT_TRUE(topic_->Info().paused);
  FakeClient client = Subscribe(channel);
  EXPECT_THAT(client.Take(), SizeIs(1));
  EXPECT_THAT(client.Take(), IsEmpty());
  topic_->SetPaused(false, Note());
  EXPECT_EQ(client.subscriber->ready_calls(), 1);
  EXPECT_THAT(client.Take(), SizeIs(2));
}

TEST_F(TopicTest, PausingTwiceHoldsAtTheFirstTime) {
  const auto channel = Create("c");
  topic_->SetPaused(true, Note());
  Publish(2);
  topic_->SetPaused(true, Note());
  EXPECT_EQ(channel->Stats(false).depth, 0u);
}

TEST_F(TopicTest, APauseIsKeptAcrossARestart) {
  Create("c");
  Publish(1);
  topic_->SetPaused(true, Note());
  Publish(2);
  const auto record = TopicRecord::Decode(sink_.state[TopicKey(1)]);
  ASSERT_TRUE(record.ok());
  TopicLog::Start start;
  start.end = 4;
  Open("t", *record, start);
  EXPECT_EQ(log_->visible_end(), 2u);
}

TEST_F(TopicTest, EmptyingDropsWhatWaitsForAChannel) {
  Publish(3);
  topic_->Empty(Note());
  EXPECT_EQ(topic_->Stats("", false).depth, 0u);
  EXPECT_EQ(topic_->NeededFrom(), 4u);
  EXPECT_EQ(Create("c")->Stats(false).depth, 0u);
}

TEST_F(TopicTest, WhatWasEmptiedIsThereForNobody) {
  TopicRecord record;
  record.config.retention = absl::Hours(1);
  Open("t", record);
  Publish(3);
  topic_->Empty(Note());
  Publish(2);
  EXPECT_EQ(Create("one", StartPosition::kEarliest)->Stats(false).depth, 2u);
  EXPECT_EQ(Create("two", StartPosition::kEarliest)->Stats(false).depth, 2u);
}

TEST_F(TopicTest, EmptyingLeavesEphemeralChannelsWhatTheyHave) {
  const auto ephemeral = Create("e#ephemeral");
  Publish(3);
  topic_->Empty(Note());
  EXPECT_EQ(ephemeral->Stats(false).depth, 3u);
  EXPECT_EQ(topic_->Stats("", false).depth, 0u);
}

TEST_F(TopicTest, TheRecordKnowsOfGapsUntilTheLogIsForgotten) {
  Publish(3);
  topic_->Empty(Note());
  Publish(2);
  log_->AdvanceFirst(6);
  const auto has_gap = [this] {
    return TopicRecord::Decode(sink_.state[TopicKey(1)])->gaps.Contains(3);
  };
  topic_->SetPaused(true, Note());
  EXPECT_TRUE(has_gap()) << "a crash may set the start of the log back";
  log_->forgotten_before = 6;
  topic_->SetPaused(false, Note());
  EXPECT_FALSE(has_gap());
}

TEST_F(TopicTest, LatestOnAPausedTopicIsAfterWhatItHolds) {
  Create("one");
  topic_->SetPaused(true, Note());
  Publish(2);
  const auto latest = Create("latest", StartPosition::kLatest);
  topic_->SetPaused(false, Note());
  EXPECT_EQ(latest->Stats(false).depth, 0u);
  Publish(1);
  EXPECT_EQ(latest->Stats(false).depth, 1u);
}

TEST_F(TopicTest, WithARetentionTheFirstChannelStartsAtTheOldestKept) {
  TopicRecord record;
  record.config.retention = absl::Hours(1);
  Open("t", record);
  Create("gone");
  Publish(2);
  topic_->DeleteChannel("gone", Note());
  EXPECT_EQ(Create("one")->Stats(false).depth, 2u);
}

TEST_F(TopicTest, EmptyingAPausedTopicLeavesChannelsWhatTheyHave) {
  const auto channel = Create("c");
  Publish(1);
  topic_->SetPaused(true, Note());
  Publish(2);
  topic_->Empty(Note());
  EXPECT_EQ(topic_->Stats("", false).depth, 0u);
  EXPECT_EQ(channel->Stats(false).depth, 1u);
  topic_->SetPaused(false, Note());
  Publish(1);
  EXPECT_EQ(channel->Stats(false).depth, 2u);
  const auto record = TopicRecord::Decode(sink_.state[TopicKey(1)]);
  EXPECT_TRUE(record->gaps.Contains(2));
  EXPECT_TRUE(record->gaps.Contains(3));
}

TEST_F(TopicTest, EmptyingAChannelIsOnDiskWhenItIsAnswered) {
  Create("c");
  Publish(5);
  topic_->EmptyChannel("c", Note());
  sink_.Answer();
  EXPECT_TRUE(answered_);
  const auto cursor = CursorState::Decode(sink_.state[CursorKey(1, 1)]);
  ASSERT_TRUE(cursor.ok());
  EXPECT_EQ(cursor->cursor, 6u);
  topic_->EmptyChannel("other", Note());
  EXPECT_EQ(ErrorReason(answer_), "CHANNEL_NOT_FOUND");
}

TEST_F(TopicTest, AChannelsPauseIsWritten) {
  Create("c");
  topic_->SetChannelPaused("c", true, Note());
  EXPECT_TRUE(ChannelRecord::Decode(sink_.state[ChannelKey(1, 1)])->paused);
  topic_->SetChannelPaused("c", false, Note());
  EXPECT_FALSE(ChannelRecord::Decode(sink_.state[ChannelKey(1, 1)])->paused);
}

TEST_F(TopicTest, NeedsWhatItsSlowestChannelNeeds) {
  const auto one = Create("one");
  const auto two = Create("two");
  Publish(4);
  FakeClient fast = Subscribe(one);
  fast.Finish(fast.Take());
  EXPECT_EQ(topic_->NeededFrom(), 1u);
  FakeClient slow = Subscribe(two);
  auto taken = slow.Take();
  slow.Finish({taken[0], taken[1]});
  EXPECT_EQ(topic_->NeededFrom(), 3u);
}

TEST_F(TopicTest, ForgetsNoMoreThanTheCursorsOnDiskAllow) {
  const auto channel = Create("c");
  Publish(4);
  FakeClient client = Subscribe(channel);
  client.Finish(client.Take());
  EXPECT_EQ(topic_->NeededFrom(), 5u);
  EXPECT_EQ(topic_->ForgettableBelow(), 1u);
  channel->OnCursorSaved(3);
  EXPECT_EQ(topic_->ForgettableBelow(), 3u);
}

TEST_F(TopicTest, MessagesLeaveMemoryOnceNobodyNeedsThem) {
  const auto channel = Create("c");
  Publish(4);
  FakeClient client = Subscribe(channel);
  client.Finish(client.Take());
  EXPECT_EQ(log_->tail().queued_messages(), 0u);
}

TEST_F(TopicTest, AnUnusedEphemeralChannelGoesAndItsTopicStays) {
  const auto channel = Create("e#ephemeral");
  FakeClient client = Subscribe(channel);
  client.subscription.reset();
  EXPECT_THAT(topic_->Channels(), IsEmpty());
  EXPECT_TRUE(channel->closed());
  EXPECT_EQ(abandoned_, 0);
}

TEST_F(TopicTest, AnEphemeralTopicIsAbandonedWithItsLastChannel) {
  Open("t#ephemeral");
  FakeClient client = Subscribe(Create("e#ephemeral"));
  Create("lasting");
  client.subscription.reset();
  EXPECT_EQ(abandoned_, 0);
  topic_->DeleteChannel("lasting", Note());
  EXPECT_EQ(abandoned_, 1);
}

TEST_F(TopicTest, AnAbandonedTopicStaysForWhoHasComeSince) {
  Open("t#ephemeral");
  const auto channel = Create("c");
  EXPECT_FALSE(topic_->DeleteIfUnused());
  EXPECT_FALSE(topic_->deleted());
  EXPECT_FALSE(channel->closed());
  topic_->DeleteChannel("c", Note());
  EXPECT_TRUE(topic_->DeleteIfUnused());
  EXPECT_TRUE(topic_->deleted());
  EXPECT_FALSE(topic_->DeleteIfUnused());
}

TEST_F(TopicTest, ADeletedTopicMakesNoChannels) {
  Create("c");
  const Topic::Deletion deletion = topic_->Delete();
  EXPECT_THAT(deletion.channels, SizeIs(1));
  EXPECT_FALSE(deletion.records.empty());
  EXPECT_TRUE(topic_->Delete().records.empty());
  EXPECT_EQ(
      ErrorReason(
          topic_->FindOrCreateChannel("d", StartPosition::kLatest, nullptr)
              .status()),
      "TOPIC_NOT_FOUND");
  topic_->SetPaused(true, Note());
  EXPECT_EQ(ErrorReason(answer_), "TOPIC_NOT_FOUND");
}

TEST_F(TopicTest, TellsMemoryFromBacklog) {
  Create("c");
  Publish(3);
  node_.Append(*log_, {"a", "b"}, LogTail::Placement::kCached);
  const TopicStats stats = topic_->Stats("", false);
  EXPECT_EQ(stats.memory_depth, 3u);
  EXPECT_EQ(stats.backlog_depth, 2u);
}

}  // namespace
}  // namespace sluice
