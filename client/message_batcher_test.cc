// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/message_batcher.h"

#include <set>
#include <string>
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
