// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Publishes that are tried again under their request id.
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/publisher_session.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

v1::PublishRequest WithId(const std::string& topic, const std::string& id,
                          const std::vector<std::string>& bodies) {
  v1::PublishRequest request = PublishOf(topic, bodies);
  request.set_request_id(id);
  return request;
}

class DedupTest : public NodeTest {
 protected:
  v1::PublishResponse Publish(const v1::PublishRequest& request) {
    v1::PublishResponse response;
    EXPECT_TRUE(IsOk(client().Call(request, &response)));
    return response;
  }
};

TEST_F(DedupTest, TheSameIdOnTheSameTopicIsPublishedOnce) {
  const auto first = Publish(WithId(topic(), "once", {"a", "b"}));
  EXPECT_EQ(first.first_message_id(), 1u);
  const auto again = Publish(WithId(topic(), "once", {"another payload"}));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(client().TopicStatsOf(topic()).message_count(), 2u);
  EXPECT_EQ(Publish(WithId(topic(), "twice", {"c"})).first_message_id(), 3u);
  const std::string other = topic() + "2";
  Publish(PublishOf(other, {"x"}));
  EXPECT_EQ(Publish(WithId(other, "once", {"d"})).first_message_id(), 2u);
}

TEST_F(DedupTest, UnaryCallsAndStreamsShareIds) {
  const auto first = Publish(WithId(topic(), "once", {"a"}));
  PublisherSession session(client());
  session.Send(1, WithId(topic(), "once", {"a"}));
  session.Send(2, WithId(topic(), "stream", {"b"}));
  session.Send(3, WithId(topic(), "stream", {"b"}));
  EXPECT_EQ(session.ExpectResult(1).published().SerializeAsString(),
            first.SerializeAsString());
  EXPECT_EQ(session.ExpectResult(2).published().first_message_id(), 2u);
  EXPECT_EQ(session.ExpectResult(3).published().first_message_id(), 2u);
  EXPECT_EQ(Publish(WithId(topic(), "stream", {"b"})).first_message_id(), 2u);
  EXPECT_EQ(client().TopicStatsOf(topic()).message_count(), 2u);
}

TEST_F(DedupTest, ARefusedRequestDoesNotUseUpItsId) {
  auto bad = WithId(topic(), "once", {"a"});
  bad.clear_messages();
  EXPECT_TRUE(IsInvalid(client().Call(bad), "EMPTY_BATCH", "messages"));
  EXPECT_FALSE(client().TopicExists(topic()));
  EXPECT_EQ(Publish(WithId(topic(), "once", {"a"})).first_message_id(), 1u);
  EXPECT_EQ(client().TopicStatsOf(topic()).message_count(), 1u);
}

TEST_F(DedupTest, AnIdHasAtMost64Bytes) {
  EXPECT_TRUE(
      IsInvalid(client().Call(WithId(topic(), std::string(65, 'x'), {"a"})),
                "INVALID_REQUEST_ID", "request_id"));
  const auto longest = WithId(topic(), std::string(64, 'x'), {"a"});
  EXPECT_EQ(Publish(longest).first_message_id(), 1u);
  EXPECT_EQ(Publish(longest).first_message_id(), 1u);
}

TEST_F(DedupTest, ATopicMadeAnewHasSeenNoId) {
  Publish(WithId(topic(), "once", {"a"}));
  ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::DeleteTopicRequest>(topic()))));
  Publish(WithId(topic(), "once", {"b"}));
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  EXPECT_EQ(session.ExpectDelivery().body(), "b");
}

TEST_F(DedupTest, ManyWhoTryAtOnceGetOneAnswer) {
  constexpr int kTries = 16;
  constexpr int kRounds = 20;
  std::vector<std::thread> threads;
  std::vector<std::vector<uint64_t>> ids(kTries);
  for (int i = 0; i < kTries; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round) {
        v1::PublishResponse response;
        const auto request =
            WithId(topic(), std::to_string(round), {std::to_string(i)});
        EXPECT_TRUE(IsOk(client().Call(request, &response)));
        ids[i].push_back(response.first_message_id());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 1; i < kTries; ++i) EXPECT_EQ(ids[i], ids[0]) << i;
  EXPECT_EQ(client().TopicStatsOf(topic()).message_count(), kRounds);
}

}  // namespace
}  // namespace sluice
