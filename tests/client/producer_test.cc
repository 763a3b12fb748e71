// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// The Producer against real nodes.
#include "client/producer.h"

#include <atomic>
#include <future>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/client_fixture.h"
#include "tests/conformance/client.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kPatienceForAll = absl::Seconds(30);

class ProducerTest : public ClientTest {
 protected:
  std::unique_ptr<Producer> MakeProducer(ProducerOptions options = {}) {
    auto producer = Producer::Create(Connect(), options);
    EXPECT_TRUE(producer.ok()) << producer.status();
    return *std::move(producer);
  }
  // Publishes `count` messages "first".. without waiting.
  void PublishMany(Producer& producer, int first, int count) {
    for (int i = first; i < first + count; ++i) {
      producer.Publish("t", Text(absl::StrCat(i)),
                       [this](const absl::StatusOr<PublishedMessage>& result) {
                         if (result.ok()) {
                           ++ok_;
                         } else {
                           ++failed_;
                           last_error_ = result.status();
                         }
                       });
    }
  }
  static std::set<std::string> Numbers(int count) {
    std::set<std::string> numbers;
    for (int i = 0; i < count; ++i) numbers.insert(absl::StrCat(i));
    return numbers;
  }

  std::atomic<int> ok_{0};
  std::atomic<int> failed_{0};
  absl::Status last_error_;
};

TEST_F(ProducerTest, AnswersWithTheIdAndWhatTheNodeDid) {
  StartNodes(1);
  const auto producer = MakeProducer();
  const auto one = producer->PublishAndWait("t", Text("one"));
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->message_id, 1u);
  EXPECT_EQ(one->node, Address(0));
  EXPECT_EQ(one->durability, PublishDurability::kDisk);
  const auto two = producer->Publish("t", Text("two")).get();
  ASSERT_TRUE(two.ok()) << two.status();
  EXPECT_EQ(two->message_id, 2u);
  EXPECT_THAT(Stored(0, "t"), ElementsAre("one", "two"));
}

TEST_F(ProducerTest, ManyMessagesKeepTheirOrderAndShareBatches) {
  StartNodes(1);
  const auto producer = MakeProducer();
  PublishMany(*producer, 0, 10'000);
  ASSERT_TRUE(producer->Flush(kPatienceForAll).ok());
  EXPECT_EQ(ok_, 10'000);
  const std::vector<std::string> stored = Stored(0, "t");
  ASSERT_THAT(stored, SizeIs(10'000));
  for (size_t i = 0; i < stored.size(); ++i) {
    ASSERT_EQ(stored[i], absl::StrCat(i));
  }
  EXPECT_EQ(producer->stats().published, 10'000u);
  EXPECT_EQ(producer->stats().in_flight_messages, 0u);
}

TEST_F(ProducerTest, CarriesAttributesAndDelays) {
  StartNodes(1);
  const auto producer = MakeProducer();
  OutgoingMessage message = Text("later");
  message.attributes["lang"] = "en";
  message.delay = absl::Hours(1);
  ASSERT_TRUE(producer->PublishAndWait("t", message).ok());
  NodeClient client(Address(0));
  v1::PeekMessagesRequest request;
  request.set_topic("t");
  v1::PeekMessagesResponse response;
  ASSERT_TRUE(client.Call(request, &response).ok());
  ASSERT_EQ(response.messages_size(), 1);
  EXPECT_EQ(response.messages(0).attributes().at("lang"), "en");
}

TEST_F(ProducerTest, ABadMessageTakesNoOthersWithIt) {
  StartNodes(1);
  ProducerOptions options;
  options.max_batch_bytes = 8 << 20;
  const auto producer = MakeProducer(options);
  // All but the first wait for company behind it.
  std::vector<std::future<absl::StatusOr<PublishedMessage>>> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(producer->Publish(
        "t", Text(i == 10 ? std::string(2 << 20, 'x') : absl::StrCat(i))));
  }
  for (size_t i = 0; i < answers.size(); ++i) {
    const auto answer = answers[i].get();
    if (i == 10) {
      EXPECT_EQ(ErrorReason(answer.status()), "MESSAGE_TOO_LARGE");
    } else {
      EXPECT_TRUE(answer.ok()) << answer.status();
    }
  }
  EXPECT_THAT(Stored(0, "t"), SizeIs(19));
}

TEST_F(ProducerTest, ABatchIsAllOrNothingUnderTheIdItBrings) {
  StartNodes(1);
  const auto producer = MakeProducer();
  OutgoingBatch batch;
  batch.topic = "t";
  batch.messages = {Text("a"), Text("b")};
  batch.request_id = "once";
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto published = producer->PublishBatchAndWait(batch);
    ASSERT_TRUE(published.ok()) << published.status();
    EXPECT_EQ(published->first_message_id, 1u);
    EXPECT_EQ(published->message_count, 2u);
  }
  EXPECT_THAT(Stored(0, "t"), ElementsAre("a", "b"));
  batch.request_id = "other";
  batch.messages.push_back(Text(std::string(2 << 20, 'x')));
  const auto refused = producer->PublishBatchAndWait(batch);
  EXPECT_EQ(ErrorReason(refused.status()), "MESSAGE_TOO_LARGE");
  EXPECT_EQ(ErrorField(refused.status()), "messages[2].body");
  EXPECT_THAT(Stored(0, "t"), SizeIs(2));
}

TEST_F(ProducerTest, ABadTopicIsRefusedAtOnce) {
  StartNodes(1);
  const auto producer = MakeProducer();
  const auto answer = producer->PublishAndWait("no topic", Text("x"));
  EXPECT_EQ(ErrorReason(answer.status()), "INVALID_NAME");
}

TEST_F(ProducerTest, ANodeThatIsKilledAndComesBackHasEachMessageOnce) {
  StartNodes(1);
  const auto producer = MakeProducer();
  constexpr int kMessages = 3000;
  for (int round = 0; round < 3; ++round) {
    PublishMany(*producer, round * 1000, 1000);
    KillNode(0);
    RestartNode(0);
  }
  ASSERT_TRUE(producer->Flush(kPatienceForAll).ok());
  EXPECT_EQ(ok_, kMessages);
  EXPECT_EQ(failed_, 0) << last_error_;
  const std::vector<std::string> stored = Stored(0, "t");
  EXPECT_THAT(stored, SizeIs(kMessages));
  EXPECT_EQ(std::set<std::string>(stored.begin(), stored.end()),
            Numbers(kMessages));
}

TEST_F(ProducerTest, GoesToAnotherNodeWhenOneStaysAway) {
  StartNodes(2);
  ProducerOptions options;
  options.same_node_patience = absl::Milliseconds(200);
  const auto producer = MakeProducer(options);
  PublishMany(*producer, 0, 500);
  ASSERT_TRUE(producer->Flush(kPatienceForAll).ok());
  EXPECT_THAT(Stored(0, "t"), SizeIs(500));
  PublishMany(*producer, 500, 500);
  KillNode(0);
  PublishMany(*producer, 1000, 500);
  ASSERT_TRUE(producer->Flush(kPatienceForAll).ok());
  EXPECT_EQ(failed_, 0) << last_error_;
  RestartNode(0);
  std::set<std::string> all;
  for (const size_t i : {0, 1}) {
    for (const std::string& body : Stored(i, "t")) all.insert(body);
  }
  EXPECT_EQ(all, Numbers(1500));
}

TEST_F(ProducerTest, LeavesANodeThatDrainsWithoutAnError) {
  StartNodes(2);
  const auto producer = MakeProducer();
  PublishMany(*producer, 0, 100);
  ASSERT_TRUE(producer->Flush(kPatienceForAll).ok());
  NodeClient client(Address(0));
  PublishMany(*producer, 100, 100);
  ASSERT_TRUE(client.Call(v1::DrainRequest()).ok());
  PublishMany(*producer, 200, 100);
  ASSERT_TRUE(producer->Flush(kPatienceForAll).ok());
  EXPECT_EQ(ok_, 300);
  EXPECT_EQ(failed_, 0) << last_error_;
  EXPECT_EQ(Stored(0, "t").size() + Stored(1, "t").size(), 300u);
  EXPECT_GE(Stored(1, "t").size(), 100u);
}

TEST_F(ProducerTest, SpreadsOverTheNodesWhereItShould) {
  StartNodes(2);
  ProducerOptions options;
  options.node_choice = ProducerOptions::NodeChoice::kSpread;
  const auto producer = MakeProducer(options);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(producer->PublishAndWait("t", Text("x")).ok());
  }
  EXPECT_THAT(Stored(0, "t"), SizeIs(5));
  EXPECT_THAT(Stored(1, "t"), SizeIs(5));
}

TEST_F(ProducerTest, ARedundantPublishIsOnTwoNodesUnderOneId) {
  StartNodes(3);
  ProducerOptions options;
  options.copies = 2;
  const auto producer = MakeProducer(options);
  const auto published = producer->PublishAndWait("t", Text("x"));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->copies, 2u);
  std::vector<std::string> ids;
  for (const size_t i : {0, 1, 2}) {
    NodeClient client(Address(i));
    v1::PeekMessagesRequest request;
    request.set_topic("t");
    v1::PeekMessagesResponse response;
    if (!client.Call(request, &response).ok()) continue;
    for (const v1::PeekedMessage& message : response.messages()) {
      ids.push_back(message.attributes().at(kDedupIdAttribute));
    }
  }
  ASSERT_THAT(ids, SizeIs(2));
  EXPECT_EQ(ids[0], ids[1]);
}

TEST_F(ProducerTest, ARedundantPublishGoesOnWithOneNodeWhereThatIsEnough) {
  StartNodes(2);
  KillNode(1);
  ProducerOptions options;
  options.copies = 2;
  options.required_copies = 1;
  options.publish_timeout = absl::Seconds(1);
  const auto producer = MakeProducer(options);
  const auto published = producer->PublishAndWait("t", Text("x"));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->copies, 1u);
  options.required_copies = 2;
  const auto strict = MakeProducer(options);
  const auto failed = strict->PublishAndWait("t", Text("y"));
  EXPECT_EQ(failed.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(failed.status().message()),
              HasSubstr("stored on 1 of 2 nodes"));
}

TEST_F(ProducerTest, RefusesWhatItHasNoRoomFor) {
  StartNodes(1);
  KillNode(0);
  ProducerOptions options;
  options.max_in_flight_messages = 2;
  options.when_full = ProducerOptions::WhenFull::kRefuse;
  const auto producer = MakeProducer(options);
  PublishMany(*producer, 0, 3);
  EXPECT_EQ(failed_, 1);
  EXPECT_EQ(ErrorReason(last_error_), "PRODUCER_FULL");
  RestartNode(0);
  ASSERT_TRUE(producer->Flush(kPatienceForAll).ok());
  EXPECT_EQ(ok_, 2);
}

TEST_F(ProducerTest, SaysWhyWhenNoNodeAnswers) {
  StartNodes(1);
  KillNode(0);
  ProducerOptions options;
  options.publish_timeout = absl::Milliseconds(300);
  const auto producer = MakeProducer(options);
  const auto answer = producer->PublishAndWait("t", Text("x"));
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(answer.status().message()), HasSubstr(Address(0)));
}

TEST_F(ProducerTest, ClosingAnswersEverything) {
  StartNodes(1);
  KillNode(0);
  const auto producer = MakeProducer();
  PublishMany(*producer, 0, 10);
  EXPECT_EQ(producer->Close(absl::Milliseconds(50)).code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(failed_, 10);
  EXPECT_EQ(last_error_.code(), absl::StatusCode::kCancelled);
  const auto later = producer->PublishAndWait("t", Text("x"));
  EXPECT_EQ(later.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(producer->Close(absl::Seconds(1)).ok());
}

}  // namespace
}  // namespace sluice
