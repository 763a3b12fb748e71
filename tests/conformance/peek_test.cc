// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Looking at messages without taking them.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

using testing::ElementsAre;

class PeekTest : public NodeTest {
 protected:
  std::vector<v1::PeekedMessage> Peek(const v1::PeekMessagesRequest& request) {
    v1::PeekMessagesResponse response;
    EXPECT_TRUE(IsOk(client().Call(request, &response)));
    return {response.messages().begin(), response.messages().end()};
  }

  v1::PeekMessagesRequest Channel(
      v1::MessageState state = v1::MESSAGE_STATE_UNSPECIFIED) {
    auto request = OnChannel<v1::PeekMessagesRequest>(topic(), "c");
    request.set_state(state);
    return request;
  }

  static std::vector<uint64_t> Ids(
      const std::vector<v1::PeekedMessage>& messages) {
    std::vector<uint64_t> ids;
    for (const auto& one : messages) ids.push_back(one.message_id());
    return ids;
  }
};

TEST_F(PeekTest, ShowsTheLogOfATopic) {
  v1::PublishRequest publish = PublishOf(topic(), {"a", "b", "c"});
  (*publish.mutable_messages(1)->mutable_attributes())["k"] = "v";
  ASSERT_TRUE(IsOk(client().Call(publish)));
  const auto got = Peek(OnTopic<v1::PeekMessagesRequest>(topic()));
  ASSERT_THAT(Ids(got), ElementsAre(1, 2, 3));
  EXPECT_EQ(got[1].body(), "b");
  EXPECT_EQ(got[1].attributes().at("k"), "v");
  EXPECT_EQ(got[1].attempts(), 0);
  EXPECT_GT(got[1].publish_time_unix_nano(), 0);
  EXPECT_EQ(got[1].state(), v1::MESSAGE_STATE_UNSPECIFIED);
}

TEST_F(PeekTest, StartsWhereItIsToldAndStopsAtItsLimit) {
  client().PublishNumbers(topic(), 20);
  client().PublishNumbers(topic(), 10, 20);
  auto request = OnTopic<v1::PeekMessagesRequest>(topic());
  request.set_from_message_id(18);
  request.set_limit(5);
  EXPECT_THAT(Ids(Peek(request)), ElementsAre(18, 19, 20, 21, 22));
  request.set_from_message_id(29);
  EXPECT_THAT(Ids(Peek(request)), ElementsAre(29, 30));
  request.set_from_message_id(31);
  EXPECT_THAT(Ids(Peek(request)), ElementsAre());
  client().CreateChannel(topic(), "c");
  request = Channel();
  request.set_from_message_id(18);
  request.set_limit(3);
  EXPECT_THAT(Ids(Peek(request)), ElementsAre(18, 19, 20));
}

TEST_F(PeekTest, ShowsAHundredByDefaultAndAThousandAtMost) {
  client().PublishNumbers(topic(), 1500);
  client().CreateChannel(topic(), "c");
  for (auto request : {OnTopic<v1::PeekMessagesRequest>(topic()), Channel()}) {
    EXPECT_EQ(Peek(request).size(), 100);
    request.set_limit(1000);
    EXPECT_EQ(Peek(request).size(), 1000);
    request.set_limit(4'000'000'000);
    EXPECT_EQ(Peek(request).size(), 1000);
  }
}

TEST_F(PeekTest, CutsAnAnswerAtTwoMebibytes) {
  client().Publish(topic(),
                   std::vector<std::string>(5, std::string(900'000, 'x')));
  const auto request = OnTopic<v1::PeekMessagesRequest>(topic());
  EXPECT_THAT(Ids(Peek(request)), ElementsAre(1, 2));
}

TEST_F(PeekTest, ShowsWhereEachMessageOfAChannelStands) {
  client().PublishNumbers(topic(), 8);
  v1::Open open = OpenOf(topic(), "c", 5);
  open.set_confirm_commands(true);
  SubscriberSession session(client(), open);
  const auto held = session.ExpectDeliveries(5);
  session.Ready(0);
  session.Finish({held[0].delivery_id(), held[2].delivery_id()});
  session.Requeue({held[3].delivery_id()});
  session.ExpectResults(3);

  const auto all = Peek(Channel());
  ASSERT_THAT(Ids(all), ElementsAre(2, 4, 5, 6, 7, 8));
  EXPECT_EQ(all[0].state(), v1::MESSAGE_STATE_IN_FLIGHT);
  EXPECT_EQ(all[0].attempts(), 1);
  EXPECT_EQ(all[0].body(), "1");
  EXPECT_EQ(all[1].state(), v1::MESSAGE_STATE_READY);
  EXPECT_EQ(all[1].attempts(), 1);
  EXPECT_EQ(all[5].state(), v1::MESSAGE_STATE_READY);
  EXPECT_EQ(all[5].attempts(), 0);
  EXPECT_THAT(Ids(Peek(Channel(v1::MESSAGE_STATE_IN_FLIGHT))),
              ElementsAre(2, 5));
  EXPECT_THAT(Ids(Peek(Channel(v1::MESSAGE_STATE_READY))),
              ElementsAre(4, 6, 7, 8));
  EXPECT_THAT(Ids(Peek(Channel(v1::MESSAGE_STATE_DEFERRED))), ElementsAre());
}

TEST_F(PeekTest, ChangesNothing) {
  client().PublishNumbers(topic(), 5);
  client().CreateChannel(topic(), "c");
  const auto before = client().ChannelStatsOf(topic(), "c");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Peek(Channel()).size(), 5);
  const auto after = client().ChannelStatsOf(topic(), "c");
  EXPECT_EQ(after.depth(), before.depth());
  EXPECT_EQ(after.in_flight_count(), 0);
  EXPECT_EQ(after.message_count(), before.message_count());
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  for (const auto& delivery : session.ExpectDeliveries(5)) {
    EXPECT_EQ(delivery.attempts(), 1);
  }
}

TEST_F(PeekTest, RefusesBadInput) {
  client().CreateTopic(topic());
  client().CreateChannel(topic(), "c");
  EXPECT_TRUE(
      IsInvalid(client().Call(OnTopic<v1::PeekMessagesRequest>("no name")),
                "INVALID_NAME", "topic"));
  EXPECT_TRUE(IsInvalid(
      client().Call(OnChannel<v1::PeekMessagesRequest>(topic(), "no name")),
      "INVALID_NAME", "channel"));
  EXPECT_TRUE(
      IsInvalid(client().Call(Channel(static_cast<v1::MessageState>(99))),
                "INVALID_ENUM", "state"));
}

}  // namespace
}  // namespace sluice
