// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What a node remembers for a time: finished messages, and request ids.
#include <signal.h>

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

class RememberTest : public testing::Test {
 protected:
  explicit RememberTest(const std::vector<std::string>& flags = {})
      : node_(flags) {}

  void SetUp() override { Start(); }
  void Start() {
    ASSERT_TRUE(node_.Start().ok()) << node_.standard_error();
    clients_.push_back(std::make_unique<NodeClient>(node_.grpc_address()));
  }
  // SIGKILL, or SIGTERM for a clean stop.
  void Restart(int signal) {
    node_.Kill(signal);
    node_.Wait();
    Start();
  }
  NodeClient& client() { return *clients_.back(); }

  void CreateTopic(absl::Duration retention) {
    auto request = OnTopic<v1::CreateTopicRequest>("t");
    request.mutable_config()->mutable_retention()->set_seconds(
        absl::ToInt64Seconds(retention));
    ASSERT_TRUE(IsOk(client().Call(request)));
  }
  void FinishAll(const std::string& channel, int count) {
    SubscriberSession session(client(), OpenOf("t", channel, 1000));
    session.Finish(IdsOf(session.ExpectDeliveries(count)));
    EXPECT_TRUE(Eventually([&] {
      return client().ChannelStatsOf("t", channel).finish_count() ==
             static_cast<uint64_t>(count);
    }));
    session.Close();
    session.ExpectClosed();
  }
  uint64_t PublishWithId(
      const std::string& id,
      v1::Durability durability = v1::DURABILITY_UNSPECIFIED) {
    v1::PublishRequest request = PublishOf("t", {"x"});
    request.set_request_id(id);
    request.set_durability(durability);
    v1::PublishResponse response;
    EXPECT_TRUE(IsOk(client().Call(request, &response)));
    return response.first_message_id();
  }

  NodeProcess node_;
  std::vector<std::unique_ptr<NodeClient>> clients_;
};

TEST_F(RememberTest, FinishedMessagesCanBeReadFromTheStartAlsoAfterRestarts) {
  CreateTopic(absl::Hours(1));
  client().PublishNumbers("t", 100);
  FinishAll("first", 100);
  for (const int signal : {SIGTERM, SIGKILL}) {
    Restart(signal);
    const std::string channel = "after" + std::to_string(signal);
    client().CreateChannel("t", channel, v1::START_POSITION_EARLIEST);
    SubscriberSession session(client(), OpenOf("t", channel, 1000));
    EXPECT_EQ(BodiesOf(session.ExpectDeliveries(100)), Numbers(100));
  }
  v1::GetTopicResponse topic;
  ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::GetTopicRequest>("t"), &topic)));
  EXPECT_EQ(topic.topic().config().retention().seconds(), 3600);
  EXPECT_EQ(client().ChannelStatsOf("t", "first").depth(), 0u);
}

TEST_F(RememberTest, ItsSpaceComesBackWhenTheRetentionIsShortened) {
  CreateTopic(absl::Hours(1));
  client().Publish("t",
                   std::vector<std::string>(40, std::string(100'000, 'x')));
  FinishAll("c", 40);
  EXPECT_GT(client().TopicStatsOf("t").log_bytes(), 3'900'000u);
  auto update = OnTopic<v1::UpdateTopicRequest>("t");
  update.mutable_update_mask()->add_paths("retention");
  ASSERT_TRUE(IsOk(client().Call(update)));
  EXPECT_TRUE(Eventually(
      [this] { return client().TopicStatsOf("t").log_bytes() == 0; }));
}

TEST_F(RememberTest, AnEphemeralTopicCannotRetain) {
  auto request = OnTopic<v1::CreateTopicRequest>("e#ephemeral");
  request.mutable_config()->mutable_retention()->set_seconds(1);
  EXPECT_TRUE(
      IsInvalid(client().Call(request), "INVALID_CONFIG", "config.retention"));
}

TEST_F(RememberTest, RequestIdsSurviveAsTheirMessagesDo) {
  const uint64_t disk = PublishWithId("disk");
  const uint64_t os = PublishWithId("os", v1::DURABILITY_OS);
  Restart(SIGKILL);
  EXPECT_EQ(PublishWithId("disk"), disk);
  EXPECT_EQ(PublishWithId("os"), os);
  Restart(SIGTERM);
  EXPECT_EQ(PublishWithId("disk"), disk);
  EXPECT_EQ(PublishWithId("os"), os);
  EXPECT_EQ(client().TopicStatsOf("t").depth(), 2u);
}

class RememberInMemoryTest : public RememberTest {
 protected:
  RememberInMemoryTest() : RememberTest({"--mem-queue-size=100"}) {}
};

TEST_F(RememberInMemoryTest, RequestIdsGoWhereTheirMessagesGo) {
  const uint64_t first = PublishWithId("once");
  Restart(SIGTERM);
  EXPECT_EQ(PublishWithId("once"), first);
  EXPECT_EQ(client().TopicStatsOf("t").depth(), 1u);
  const uint64_t lost = PublishWithId("lost");
  Restart(SIGKILL);
  EXPECT_EQ(PublishWithId("once"), first);
  EXPECT_NE(PublishWithId("lost"), lost);
  EXPECT_EQ(client().TopicStatsOf("t").depth(), 2u);
}

class NoDedupTest : public RememberTest {
 protected:
  NoDedupTest() : RememberTest({"--dedup-window=0s"}) {}
};

TEST_F(NoDedupTest, WithoutAWindowEveryRequestIsNew) {
  EXPECT_NE(PublishWithId("once"), PublishWithId("once"));
}

class SmallWindowTest : public RememberTest {
 protected:
  SmallWindowTest() : RememberTest({"--dedup-max-ids=2"}) {}
};

TEST_F(SmallWindowTest, PastTheirNumberTheOldestIdsAreForgotten) {
  const uint64_t first = PublishWithId("a");
  PublishWithId("b");
  EXPECT_EQ(PublishWithId("a"), first);
  PublishWithId("c");
  EXPECT_NE(PublishWithId("a"), first);
}

}  // namespace
}  // namespace sluice
