// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/message_batcher.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class MessageBatcherTest : public testing::Test {
 protected:
  MessageBatcherTest() {
    options_.max_batch_messages = 3;
    options_.max_batch_bytes = 100;
    options_.linger = absl::Milliseconds(2);
  }
  void Add(const std::string& topic, const std::string& body,
           size_t bytes = 10) {
    OutgoingMessage message;
    message.body = body;
    batcher_.Add(topic, message, bytes, nullptr, clock_.SteadyNow());
  }
  // What leaves, as topic and bodies.
  std::vector<std::string> Take(bool eager = false) {
    std::vector<std::string> taken;
    for (const auto& parcel : batcher_.Take(clock_.SteadyNow(), eager)) {
      taken.push_back(parcel->request.publish().topic());
      for (const v1::Message& message : parcel->request.publish().messages()) {
        taken.back() += " " + message.body();
      }
    }
    return taken;
  }

  FakeClock clock_;
  ProducerOptions options_;
  MessageBatcher batcher_{options_, true, "p"};
};

TEST_F(MessageBatcherTest, AFullBatchLeavesAtOnce) {
  Add("t", "a");
  Add("t", "b");
  EXPECT_THAT(Take(), IsEmpty());
  Add("t", "c");
  Add("t", "d");
  EXPECT_THAT(Take(), ElementsAre("t a b c"));
  EXPECT_FALSE(batcher_.empty());
}

TEST_F(MessageBatcherTest, ABatchIsBoundedInBytes) {
  Add("t", "a", 60);
  Add("t", "b", 60);
  EXPECT_THAT(Take(), ElementsAre("t a"));
  Add("t", "c", 500);
  EXPECT_THAT(Take(), ElementsAre("t b", "t c"));
}

TEST_F(MessageBatcherTest, AMessageLingersNoLongerThanItMay) {
  Add("t", "a");
  EXPECT_EQ(batcher_.due() - clock_.SteadyNow(), absl::Milliseconds(2));
  clock_.Advance(absl::Milliseconds(1));
  Add("t", "b");
  EXPECT_THAT(Take(), IsEmpty());
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_THAT(Take(), ElementsAre("t a b"));
  EXPECT_EQ(batcher_.due(), SteadyTime::InfiniteFuture());
}

TEST_F(MessageBatcherTest, EagerTakesWhatThereIs) {
  Add("t", "a");
  Add("u", "b");
  EXPECT_THAT(Take(/*eager=*/true), ElementsAre("t a", "u b"));
  EXPECT_TRUE(batcher_.empty());
}

TEST_F(MessageBatcherTest, AWholeBatchGoesAloneAndInOrder) {
  Add("t", "a");
  OutgoingBatch batch;
  batch.topic = "t";
  batch.messages.resize(5);
  batch.request_id = "mine";
  batcher_.AddBatch(
      batch, 5, [](const auto&) {}, clock_.SteadyNow());
  Add("t", "b");
  const auto taken = batcher_.Take(clock_.SteadyNow(), /*eager=*/true);
  ASSERT_THAT(taken, SizeIs(3));
  EXPECT_EQ(taken[1]->request.publish().request_id(), "mine");
  EXPECT_EQ(taken[1]->messages(), 5u);
  EXPECT_TRUE(taken[1]->whole());
  EXPECT_EQ(taken[2]->request.publish().messages(0).body(), "b");
}

TEST_F(MessageBatcherTest, NothingIsLeftInAParcelThatIsFilledAgain) {
  OutgoingBatch batch;
  batch.topic = "t";
  batch.durability = PublishDurability::kMemory;
  for (const char* body : {"a", "b", "c"}) {
    OutgoingMessage& message = batch.messages.emplace_back();
    message.body = body;
    message.attributes["k"] = "v";
    message.delay = absl::Seconds(1);
  }
  batcher_.AddBatch(
      batch, 30, [](const auto&) {}, clock_.SteadyNow());
  auto taken = batcher_.Take(clock_.SteadyNow(), /*eager=*/true);
  ASSERT_THAT(taken, SizeIs(1));
  const Parcel* const parcel = taken[0].get();
  taken[0]->request.set_correlation_id(7);
  Strip(taken[0].get());
  batcher_.Reuse(std::move(taken[0]));
  Add("u", "d");
  taken = batcher_.Take(clock_.SteadyNow(), /*eager=*/true);
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_EQ(taken[0].get(), parcel);
  EXPECT_FALSE(taken[0]->whole());
  EXPECT_EQ(taken[0]->bytes, 10u);
  EXPECT_THAT(taken[0]->on_message, SizeIs(1));
  EXPECT_THAT(taken[0]->message_bytes, ElementsAre(10));
  v1::PublishStreamRequest& request = taken[0]->request;
  EXPECT_EQ(request.publish().request_id(), "p-2");
  v1::PublishStreamRequest expected;
  expected.mutable_publish()->set_topic("u");
  expected.mutable_publish()->set_request_id("p-2");
  v1::Message* const message = expected.mutable_publish()->add_messages();
  message->set_body("d");
  (*message->mutable_attributes())[kDedupIdAttribute] = "p-2-0";
  EXPECT_EQ(request.SerializeAsString(), expected.SerializeAsString());
}

TEST_F(MessageBatcherTest, KeepsLittleToFillAgain) {
  const size_t much = size_t{3} << 20;
  std::vector<std::unique_ptr<Parcel>> done;
  for (const char* topic : {"t", "u"}) {
    Add(topic, "a", much);
    auto taken = batcher_.Take(clock_.SteadyNow(), /*eager=*/true);
    ASSERT_THAT(taken, SizeIs(1));
    Strip(taken[0].get());
    done.push_back(std::move(taken[0]));
  }
  // The second would be too much beside the first.
  for (auto& parcel : done) batcher_.Reuse(std::move(parcel));
  std::vector<size_t> memory;
  for (const char* topic : {"t", "u"}) {
    Add(topic, "b");
    for (auto& parcel : batcher_.Take(clock_.SteadyNow(), /*eager=*/true)) {
      memory.push_back(parcel->memory);
    }
  }
  EXPECT_THAT(memory, ElementsAre(much, 0));
}

TEST_F(MessageBatcherTest, SealingEndsAGeneration) {
  Add("t", "a");
  EXPECT_EQ(batcher_.Seal(), 0u);
  Add("t", "b");
  const auto taken = batcher_.Take(clock_.SteadyNow(), /*eager=*/true);
  ASSERT_THAT(taken, SizeIs(2));
  EXPECT_EQ(taken[0]->generation, 0u);
  EXPECT_EQ(taken[1]->generation, 1u);
}

TEST_F(MessageBatcherTest, EveryMessageHasARequestIdAndADedupIdOfItsOwn) {
  Add("t", "a");
  Add("t", "b");
  Add("u", "c");
  std::set<std::string> request_ids;
  std::set<std::string> dedup_ids;
  for (const auto& parcel : batcher_.Take(clock_.SteadyNow(), true)) {
    request_ids.insert(parcel->request.publish().request_id());
    for (const v1::Message& message : parcel->request.publish().messages()) {
      dedup_ids.insert(message.attributes().at(kDedupIdAttribute));
    }
  }
  EXPECT_THAT(request_ids, SizeIs(2));
  EXPECT_THAT(dedup_ids, SizeIs(3));
}

}  // namespace
}  // namespace sluice
