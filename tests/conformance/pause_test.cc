// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Pausing and emptying topics and channels.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

class PauseTest : public NodeTest {
 protected:
  void PauseTopic() {
    v1::PauseTopicResponse response;
    ASSERT_TRUE(IsOk(
        client().Call(OnTopic<v1::PauseTopicRequest>(topic()), &response)));
    EXPECT_TRUE(response.topic().paused());
    EXPECT_EQ(response.topic().name(), topic());
  }
  void ResumeTopic() {
    v1::ResumeTopicResponse response;
    ASSERT_TRUE(IsOk(
        client().Call(OnTopic<v1::ResumeTopicRequest>(topic()), &response)));
    EXPECT_FALSE(response.topic().paused());
  }
  void PauseChannel() {
    v1::PauseChannelResponse response;
    ASSERT_TRUE(IsOk(client().Call(
        OnChannel<v1::PauseChannelRequest>(topic(), "c"), &response)));
    EXPECT_TRUE(response.channel().paused());
    EXPECT_EQ(response.channel().name(), "c");
  }
  void ResumeChannel() {
    v1::ResumeChannelResponse response;
    ASSERT_TRUE(IsOk(client().Call(
        OnChannel<v1::ResumeChannelRequest>(topic(), "c"), &response)));
    EXPECT_FALSE(response.channel().paused());
  }
  void EmptyTopic() {
    ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::EmptyTopicRequest>(topic()))));
  }
  void EmptyChannel(const std::string& channel) {
    ASSERT_TRUE(IsOk(
        client().Call(OnChannel<v1::EmptyChannelRequest>(topic(), channel))));
  }
  v1::ChannelStats Stats(const std::string& channel = "c") {
    return client().ChannelStatsOf(topic(), channel);
  }
  v1::TopicStats TopicStats() { return client().TopicStatsOf(topic()); }

  void MakeChannel(const std::string& channel) {
    client().CreateTopic(topic());
    client().CreateChannel(topic(), channel);
  }
};

TEST_F(PauseTest, APausedTopicKeepsBackWhatComesAfterThePause) {
  MakeChannel("c");
  client().PublishNumbers(topic(), 3);
  PauseTopic();
  client().PublishNumbers(topic(), 4, 3);
  v1::TopicStats stats = TopicStats();
  EXPECT_TRUE(stats.paused());
  EXPECT_EQ(stats.depth(), 4);
  EXPECT_EQ(stats.message_count(), 7);
  EXPECT_EQ(Stats().depth(), 3);
  EXPECT_EQ(Stats().message_count(), 3);

  SubscriberSession session(client(), OpenOf(topic(), "c", 100));
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(3)), Numbers(3));
  session.ExpectNoDelivery();
  ResumeTopic();
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(4)), Numbers(4, 3));
  EXPECT_EQ(TopicStats().depth(), 0);
  EXPECT_FALSE(TopicStats().paused());
  EXPECT_EQ(Stats().message_count(), 7);
}

TEST_F(PauseTest, PausingTwiceIsPausingOnce) {
  MakeChannel("c");
  PauseTopic();
  client().PublishNumbers(topic(), 2);
  PauseTopic();
  EXPECT_EQ(TopicStats().depth(), 2);
  PauseChannel();
  PauseChannel();
  ResumeChannel();
  ResumeChannel();
  SubscriberSession session(client(), OpenOf(topic(), "c", 100));
  session.ExpectOpened();
  session.ExpectNoDelivery();
  ResumeTopic();
  ResumeTopic();
  session.ExpectDeliveries(2);
}

TEST_F(PauseTest, APausedChannelDeliversNothing) {
  MakeChannel("c");
  client().CreateChannel(topic(), "d");
  SubscriberSession session(client(), OpenOf(topic(), "c", 100));
  SubscriberSession other(client(), OpenOf(topic(), "d", 100));
  session.ExpectOpened();
  other.ExpectOpened();
  PauseChannel();
  EXPECT_TRUE(Stats().paused());
  client().PublishNumbers(topic(), 5);
  session.ExpectNoDelivery();
  EXPECT_EQ(Stats().depth(), 5);
  EXPECT_EQ(other.ExpectDeliveries(5).size(), 5);
  ResumeChannel();
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(5)), Numbers(5));
  EXPECT_FALSE(Stats().paused());
}

TEST_F(PauseTest, APausedChannelTakesCommands) {
  client().PublishNumbers(topic(), 3);
  v1::Open open = OpenOf(topic(), "c", 3);
  open.set_confirm_commands(true);
  SubscriberSession session(client(), open);
  const auto ids = IdsOf(session.ExpectDeliveries(3));
  PauseChannel();
  session.Finish({ids[0]});
  session.Touch({ids[1]});
  session.Requeue({ids[2]});
  for (const auto& result : session.ExpectResults(3)) {
    EXPECT_EQ(result.outcome(), v1::COMMAND_OUTCOME_OK);
  }
  session.ExpectNoDelivery();
  EXPECT_EQ(Stats().finish_count(), 1);
  EXPECT_EQ(Stats().in_flight_count(), 1);
  EXPECT_EQ(Stats().depth(), 1);
  ResumeChannel();
  EXPECT_EQ(session.ExpectDelivery().attempts(), 2);
}

TEST_F(PauseTest, EmptyingATopicDropsWhatWaitsForAChannel) {
  client().PublishNumbers(topic(), 5);
  EmptyTopic();
  EXPECT_EQ(TopicStats().depth(), 0);
  EXPECT_EQ(TopicStats().backlog_depth(), 0);
  const uint64_t next = client().PublishOne(topic(), "next");
  EXPECT_EQ(next, 6);
  SubscriberSession session(client(), OpenOf(topic(), "c", 100));
  EXPECT_EQ(session.ExpectDelivery().message_id(), next);
  session.ExpectNoDelivery(absl::Milliseconds(50));
}

TEST_F(PauseTest, EmptyingATopicLeavesWhatItsChannelsHold) {
  MakeChannel("c");
  client().PublishNumbers(topic(), 3);
  PauseTopic();
  client().PublishNumbers(topic(), 3, 3);
  EmptyTopic();
  EXPECT_EQ(TopicStats().depth(), 0);
  EXPECT_EQ(Stats().depth(), 3);
  ResumeTopic();
  client().PublishNumbers(topic(), 3, 6);
  SubscriberSession session(client(), OpenOf(topic(), "c", 100));
  EXPECT_THAT(BodiesOf(session.ExpectDeliveries(6)),
              testing::ElementsAre("0", "1", "2", "6", "7", "8"));
  session.ExpectNoDelivery(absl::Milliseconds(50));
}

TEST_F(PauseTest, EmptyingAChannelDropsWhatIsReadyAndLeased) {
  MakeChannel("c");
  client().CreateChannel(topic(), "d");
  client().PublishNumbers(topic(), 10);
  v1::Open open = OpenOf(topic(), "c", 4);
  open.set_confirm_commands(true);
  SubscriberSession session(client(), open);
  const auto ids = IdsOf(session.ExpectDeliveries(4));
  session.Finish({ids[0]});
  session.ExpectResults(1);
  session.ExpectDeliveries(1);

  EmptyChannel("c");
  const v1::ChannelStats stats = Stats();
  EXPECT_EQ(stats.depth(), 0);
  EXPECT_EQ(stats.in_flight_count(), 0);
  EXPECT_EQ(stats.finish_count(), 1);
  EXPECT_EQ(stats.dropped_count(), 9);
  EXPECT_EQ(stats.message_count(), 10);
  session.Finish({ids[1]});
  session.ExpectResult(ids[1], v1::COMMAND_KIND_FINISH,
                       v1::COMMAND_OUTCOME_NOT_IN_FLIGHT);
  session.ExpectNoDelivery();

  EXPECT_EQ(Stats("d").depth(), 10);
  client().PublishOne(topic(), "after");
  EXPECT_EQ(session.ExpectDelivery().body(), "after");
  EXPECT_EQ(Stats("d").depth(), 11);
}

TEST_F(PauseTest, EmptyingWhatIsEmptyChangesNothing) {
  MakeChannel("c");
  EmptyTopic();
  EmptyChannel("c");
  EXPECT_EQ(Stats().dropped_count(), 0);
  client().PublishNumbers(topic(), 3);
  SubscriberSession session(client(), OpenOf(topic(), "c", 100));
  EXPECT_EQ(BodiesOf(session.ExpectDeliveries(3)), Numbers(3));
}

}  // namespace
}  // namespace sluice
