// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Unary publishes: numbering, all or nothing, limits, durability.
#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

constexpr size_t kMessageLimit = 1 << 20;
constexpr size_t kBatchLimit = 5 << 20;
constexpr size_t kAttributeLimit = 16 << 10;

class PublishTest : public NodeTest {
 protected:
  // A publish that is fine in every respect.
  v1::PublishRequest Good() { return PublishOf(topic(), {"a", "b", "c", "d"}); }

  // Refused, and it was as if it had never come: on a topic that exists, and
  // on one that does not.
  void ExpectRefused(const v1::PublishRequest& bad, const std::string& reason,
                     const std::string& field) {
    SCOPED_TRACE(absl::StrCat(reason, " ", field));
    EXPECT_TRUE(IsInvalid(client().Call(bad), reason, field));
    EXPECT_FALSE(client().TopicExists(bad.topic()));

    v1::PublishRequest again = bad;
    again.set_topic(topic() + ".old");
    const uint64_t before = client().PublishOne(again.topic(), "before");
    EXPECT_TRUE(IsInvalid(client().Call(again), reason, field));
    EXPECT_EQ(client().PublishOne(again.topic(), "after"), before + 1);
  }
};

TEST_F(PublishTest, NumbersMessagesFromOneWithoutGaps) {
  EXPECT_EQ(client().Publish(topic(), {"a", "b", "c"}).first_message_id(), 1);
  EXPECT_EQ(client().Publish(topic(), {"d"}).first_message_id(), 4);
  EXPECT_EQ(client().Publish(topic(), Numbers(100)).first_message_id(), 5);
  EXPECT_EQ(client().Publish(topic(), {"z"}).first_message_id(), 105);
}

TEST_F(PublishTest, GivesConcurrentBatchesDisjointRangesWithoutGaps) {
  constexpr int kThreads = 4;
  constexpr int kBatches = 25;
  std::vector<std::pair<uint64_t, uint32_t>> ranges(kThreads * kBatches);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t, &ranges] {
      NodeClient own(node().grpc_address());
      for (int i = 0; i < kBatches; ++i) {
        const auto response = own.Publish(topic(), Numbers(1 + (i + t) % 7));
        ranges[t * kBatches + i] = {response.first_message_id(),
                                    response.message_count()};
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(ranges.begin(), ranges.end());
  uint64_t next = 1;
  for (const auto& [first, count] : ranges) {
    ASSERT_EQ(first, next);
    next += count;
  }
}

TEST_F(PublishTest, DeliversWhatWasPublished) {
  v1::PublishRequest request;
  request.set_topic(topic());
  request.add_messages();  // no body, no attributes
  std::string bytes(256, '\0');
  std::iota(bytes.begin(), bytes.end(), '\0');
  request.add_messages()->set_body(bytes);
  auto& attributes = *request.add_messages()->mutable_attributes();
  attributes["key"] = "value";
  attributes["empty"] = "";
  attributes["ключ"] = "значение";
  const int64_t before = absl::GetCurrentTimeNanos();
  ASSERT_TRUE(IsOk(client().Call(request)));
  const int64_t after = absl::GetCurrentTimeNanos();

  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  const auto got = session.ExpectDeliveries(3);
  ASSERT_EQ(got.size(), 3);
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].message_id(), i + 1);
    EXPECT_EQ(got[i].attempts(), 1);
    EXPECT_EQ(got[i].body(), request.messages(i).body());
    EXPECT_EQ((std::map<std::string, std::string>(got[i].attributes().begin(),
                                                  got[i].attributes().end())),
              (std::map<std::string, std::string>(
                  request.messages(i).attributes().begin(),
                  request.messages(i).attributes().end())));
    EXPECT_GE(static_cast<int64_t>(got[i].publish_time_unix_nano()), before);
    EXPECT_LE(static_cast<int64_t>(got[i].publish_time_unix_nano()), after);
  }
}

TEST_F(PublishTest, RefusesBadInputWithoutSideEffect) {
  v1::PublishRequest bad = Good();
  bad.clear_messages();
  ExpectRefused(bad, "EMPTY_BATCH", "messages");

  bad = Good();
  bad.mutable_messages(1)->set_body(std::string(kMessageLimit + 1, 'x'));
  ExpectRefused(bad, "MESSAGE_TOO_LARGE", "messages[1].body");

  bad = PublishOf(topic(),
                  std::vector<std::string>(5, std::string(kMessageLimit, 'x')));
  bad.add_messages()->set_body("x");
  ExpectRefused(bad, "BATCH_TOO_LARGE", "messages");

  bad = Good();
  for (int i = 0; i < 65; ++i) {
    (*bad.mutable_messages(2)->mutable_attributes())[absl::StrCat(i)] = "v";
  }
  ExpectRefused(bad, "ATTRIBUTES_TOO_LARGE", "messages[2].attributes");

  bad = Good();
  (*bad.mutable_messages(3)->mutable_attributes())["key"] =
      std::string(kAttributeLimit - 2, 'v');
  ExpectRefused(bad, "ATTRIBUTES_TOO_LARGE", "messages[3].attributes");

  bad = Good();
  bad.mutable_messages(3)->mutable_delay()->set_nanos(-1);
  ExpectRefused(bad, "INVALID_DURATION", "messages[3].delay");

  bad = Good();
  bad.mutable_messages(0)->mutable_delay()->set_seconds(365 * 86400 + 1);
  ExpectRefused(bad, "INVALID_DURATION", "messages[0].delay");

  bad = Good();
  bad.set_durability(static_cast<v1::Durability>(99));
  ExpectRefused(bad, "INVALID_ENUM", "durability");

  bad = Good();
  bad.set_request_id(std::string(65, 'r'));
  ExpectRefused(bad, "INVALID_REQUEST_ID", "request_id");
}

TEST_F(PublishTest, StoresNothingOfARefusedBatch) {
  client().CreateTopic(topic());
  client().CreateChannel(topic(), "c");
  v1::PublishRequest bad = Good();
  bad.mutable_messages(3)->set_body(std::string(kMessageLimit + 1, 'x'));
  EXPECT_TRUE(
      IsInvalid(client().Call(bad), "MESSAGE_TOO_LARGE", "messages[3].body"));
  const v1::TopicStats stats = client().TopicStatsOf(topic());
  EXPECT_EQ(stats.message_count(), 0);
  EXPECT_EQ(stats.message_bytes(), 0);
  EXPECT_EQ(stats.backlog_depth() + stats.memory_depth(), 0);
}

TEST_F(PublishTest, RefusesABatchFarAboveTheLimitWithItsOwnError) {
  const std::string body(kMessageLimit, 'x');
  EXPECT_TRUE(IsInvalid(
      client().Call(PublishOf(topic(), std::vector<std::string>(6, body))),
      "BATCH_TOO_LARGE", "messages"));
  EXPECT_TRUE(IsInvalid(
      client().Call(PublishOf(topic(), {std::string(kBatchLimit, 'x')})),
      "MESSAGE_TOO_LARGE", "messages[0].body"));
}

TEST_F(PublishTest, TakesTheLimitsThemselves) {
  // The largest bodies with the largest attributes, which do not count.
  v1::PublishRequest request = PublishOf(
      topic(), std::vector<std::string>(5, std::string(kMessageLimit, 'x')));
  for (int m = 0; m < 5; ++m) {
    request.mutable_messages(m)->mutable_body()->back() =
        static_cast<char>('0' + m);
    auto& attributes = *request.mutable_messages(m)->mutable_attributes();
    for (int i = 0; i < 64; ++i) {
      const std::string key = absl::StrCat(i + 10);
      attributes[key] = std::string(kAttributeLimit / 64 - key.size(), 'v');
    }
  }
  v1::PublishResponse response;
  ASSERT_TRUE(IsOk(client().Call(request, &response)));
  EXPECT_EQ(response.message_count(), 5);

  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  const auto got = session.ExpectDeliveries(5);
  ASSERT_EQ(got.size(), 5);
  for (int m = 0; m < 5; ++m) {
    EXPECT_TRUE(got[m].body() == request.messages(m).body()) << m;
    EXPECT_EQ(got[m].attributes().size(), 64);
  }
}

class DurabilityTest : public PublishTest {
 protected:
  v1::Durability Reached(const std::string& name, v1::Durability wish) {
    v1::PublishRequest request = PublishOf(name, {"x"});
    request.set_durability(wish);
    v1::PublishResponse response;
    EXPECT_TRUE(IsOk(client().Call(request, &response)));
    return response.durability();
  }

  std::vector<v1::Durability> ReachedForEachWish(const std::string& name) {
    return {Reached(name, v1::DURABILITY_UNSPECIFIED),
            Reached(name, v1::DURABILITY_MEMORY),
            Reached(name, v1::DURABILITY_OS),
            Reached(name, v1::DURABILITY_DISK)};
  }

  void Create(const std::string& name, v1::Durability level) {
    auto request = OnTopic<v1::CreateTopicRequest>(name);
    request.mutable_config()->set_durability(level);
    request.mutable_config()->set_mem_queue_size(1000);
    EXPECT_TRUE(IsOk(client().Call(request)));
  }
};

using testing::ElementsAre;

TEST_F(DurabilityTest, IsDiskByDefault) {
  EXPECT_THAT(ReachedForEachWish(topic()),
              ElementsAre(v1::DURABILITY_DISK, v1::DURABILITY_DISK,
                          v1::DURABILITY_DISK, v1::DURABILITY_DISK));
}

TEST_F(DurabilityTest, IsTheStrongerOfTheTopicsAndTheWish) {
  Create(topic() + "m", v1::DURABILITY_MEMORY);
  EXPECT_THAT(ReachedForEachWish(topic() + "m"),
              ElementsAre(v1::DURABILITY_MEMORY, v1::DURABILITY_MEMORY,
                          v1::DURABILITY_OS, v1::DURABILITY_DISK));
  Create(topic() + "o", v1::DURABILITY_OS);
  EXPECT_THAT(ReachedForEachWish(topic() + "o"),
              ElementsAre(v1::DURABILITY_OS, v1::DURABILITY_OS,
                          v1::DURABILITY_OS, v1::DURABILITY_DISK));
  Create(topic() + "d", v1::DURABILITY_DISK);
  EXPECT_THAT(ReachedForEachWish(topic() + "d"),
              ElementsAre(v1::DURABILITY_DISK, v1::DURABILITY_DISK,
                          v1::DURABILITY_DISK, v1::DURABILITY_DISK));
}

TEST_F(DurabilityTest, AnswersOsForWhatOverflowsToTheBacklog) {
  auto request = OnTopic<v1::CreateTopicRequest>(topic());
  request.mutable_config()->set_durability(v1::DURABILITY_MEMORY);
  request.mutable_config()->set_mem_queue_size(10);
  ASSERT_TRUE(IsOk(client().Call(request)));
  // Nobody consumes, so that the eleventh has no room.
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Reached(topic(), v1::DURABILITY_UNSPECIFIED),
              v1::DURABILITY_MEMORY)
        << i;
  }
  EXPECT_EQ(Reached(topic(), v1::DURABILITY_UNSPECIFIED), v1::DURABILITY_OS);
}

TEST_F(DurabilityTest, IsMemoryOnAnEphemeralTopic) {
  EXPECT_EQ(
      Reached(topic().substr(0, 40) + "#ephemeral", v1::DURABILITY_UNSPECIFIED),
      v1::DURABILITY_MEMORY);
}

}  // namespace
}  // namespace sluice
