// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Publish streams: results, errors of single requests, and the end.
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/publisher_session.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

class PublishStreamTest : public NodeTest {};

TEST_F(PublishStreamTest, AnswersEachRequestOnceByItsCorrelationId) {
  constexpr int kRequests = 300;
  PublisherSession session(client());
  for (int i = 0; i < kRequests; ++i) {
    // Chosen freely: neither in order nor small.
    ASSERT_TRUE(session.Send(uint64_t{i * 7919u % 1009} << 40,
                             PublishOf(topic(), Numbers(1 + i % 5))));
  }
  std::vector<std::pair<uint64_t, uint32_t>> ranges;
  for (int i = 0; i < kRequests; ++i) {
    const auto result = session.ExpectResult(uint64_t{i * 7919u % 1009} << 40);
    ASSERT_TRUE(result.has_published()) << result.ShortDebugString();
    EXPECT_EQ(result.published().message_count(), 1 + i % 5);
    EXPECT_EQ(result.published().durability(), v1::DURABILITY_DISK);
    ranges.emplace_back(result.published().first_message_id(),
                        result.published().message_count());
  }
  std::sort(ranges.begin(), ranges.end());
  uint64_t next = 1;
  for (const auto& [first, count] : ranges) {
    ASSERT_EQ(first, next);
    next += count;
  }
  session.HalfClose();
  EXPECT_TRUE(IsOk(session.ExpectEnd()));
  EXPECT_EQ(session.waiting_results(), 0);
}

TEST_F(PublishStreamTest, GoesOnAfterARequestThatIsRefused) {
  PublisherSession session(client());
  session.Send(1, PublishOf(topic(), {"a"}));
  session.Send(2, PublishOf("not a name", {"b"}));
  session.Send(3, PublishOf(topic(), {}));
  v1::PublishStreamRequest without_publish;
  without_publish.set_correlation_id(4);
  session.Send(without_publish);
  session.Send(5, PublishOf(topic(), {"c", std::string((1 << 20) + 1, 'x')}));
  session.Send(6, PublishOf(topic(), std::vector<std::string>(
                                         6, std::string(1 << 20, 'x'))));
  v1::PublishRequest bad = PublishOf(topic(), {"d"});
  bad.set_durability(static_cast<v1::Durability>(99));
  session.Send(7, bad);
  bad = PublishOf(topic(), {"d"});
  bad.mutable_messages(0)->mutable_delay()->set_seconds(-1);
  session.Send(8, bad);
  bad = PublishOf(topic(), {"d"});
  for (int i = 0; i < 65; ++i) {
    (*bad.mutable_messages(0)->mutable_attributes())[absl::StrCat(i)] = "";
  }
  session.Send(9, bad);
  session.Send(10, PublishOf(topic(), {"e"}));

  const auto error = [&session](uint64_t correlation_id) {
    const auto result = session.ExpectResult(correlation_id);
    EXPECT_TRUE(result.has_error()) << result.ShortDebugString();
    return OutcomeOf(result.error());
  };
  EXPECT_EQ(session.ExpectResult(1).published().first_message_id(), 1);
  EXPECT_TRUE(IsInvalid(error(2), "INVALID_NAME", "topic"));
  EXPECT_TRUE(IsInvalid(error(3), "EMPTY_BATCH", "messages"));
  EXPECT_TRUE(IsInvalid(error(4), "EMPTY_BATCH", "publish"));
  EXPECT_TRUE(IsInvalid(error(5), "MESSAGE_TOO_LARGE", "messages[1].body"));
  EXPECT_TRUE(IsInvalid(error(6), "BATCH_TOO_LARGE", "messages"));
  EXPECT_TRUE(IsInvalid(error(7), "INVALID_ENUM", "durability"));
  EXPECT_TRUE(IsInvalid(error(8), "INVALID_DURATION", "messages[0].delay"));
  EXPECT_TRUE(
      IsInvalid(error(9), "ATTRIBUTES_TOO_LARGE", "messages[0].attributes"));
  EXPECT_EQ(session.ExpectResult(10).published().first_message_id(), 2);
  session.HalfClose();
  EXPECT_TRUE(IsOk(session.ExpectEnd()));
  EXPECT_EQ(client().TopicStatsOf(topic()).message_count(), 2);
}

TEST_F(PublishStreamTest, AnswersWhatIsMissingAfterAHalfClose) {
  constexpr int kRequests = 500;
  PublisherSession session(client(), PublisherSession::Reading::kLater);
  for (int i = 0; i < kRequests; ++i) {
    ASSERT_TRUE(session.Send(i, PublishOf(topic(), {absl::StrCat(i)})));
  }
  session.HalfClose();
  session.StartReading();
  EXPECT_TRUE(IsOk(session.ExpectEnd()));
  std::set<uint64_t> answered;
  for (const auto& result : session.ExpectResults(kRequests)) {
    EXPECT_TRUE(result.has_published());
    EXPECT_TRUE(answered.insert(result.correlation_id()).second);
  }
  EXPECT_EQ(session.waiting_results(), 0);
  EXPECT_EQ(client().TopicStatsOf(topic()).message_count(), kRequests);
}

TEST_F(PublishStreamTest, EndsWithOkWhenNothingWasSent) {
  PublisherSession session(client());
  session.HalfClose();
  EXPECT_TRUE(IsOk(session.ExpectEnd()));
}

TEST_F(PublishStreamTest, ServesManyTopicsOnOneStream) {
  PublisherSession session(client());
  for (int i = 0; i < 100; ++i) {
    session.Send(i, PublishOf(absl::StrCat(topic(), "-", i % 4), {"x"}));
  }
  session.ExpectResults(100);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(
        client().TopicStatsOf(absl::StrCat(topic(), "-", i)).message_count(),
        25);
  }
}

TEST_F(PublishStreamTest, CountsAsAPublisherOfItsTopicsWhileItIsOpen) {
  client().PublishOne(topic(), "unary calls do not count");
  EXPECT_EQ(client().TopicStatsOf(topic()).publisher_count(), 0);
  PublisherSession one(client());
  PublisherSession two(client());
  one.Send(1, PublishOf(topic(), {"x"}));
  two.Send(1, PublishOf(topic(), {"x"}));
  one.Send(2, PublishOf(topic(), {"x"}));
  one.ExpectResults(2);
  two.ExpectResults(1);
  EXPECT_EQ(client().TopicStatsOf(topic()).publisher_count(), 2);
  one.HalfClose();
  EXPECT_TRUE(IsOk(one.ExpectEnd()));
  two.Cancel();
  EXPECT_EQ(two.ExpectEnd().code, absl::StatusCode::kCancelled);
  EXPECT_TRUE(Eventually([this] {
    return client().TopicStatsOf(topic()).publisher_count() == 0;
  }));
}

TEST_F(PublishStreamTest, MayBeCancelledInTheMiddle) {
  for (int round = 0; round < 20; ++round) {
    PublisherSession session(client());
    for (int i = 0; i < 5 * round; ++i) {
      session.Send(i, PublishOf(topic(), Numbers(100)));
    }
    session.Cancel();
  }
  // What it published is whole batches, and the node goes on.
  const uint64_t next = client().PublishOne(topic(), "after");
  EXPECT_EQ(next % 100, 1);
  EXPECT_EQ(client().TopicStatsOf(topic()).message_count() % 100, 1);
}

}  // namespace
}  // namespace sluice
