// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// Dead letters and the cursor that has them no more are one write.
#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/committer.h"
#include "server/queue/fake_committer_node.h"

namespace sluice {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class CommitterLettersTest : public CommitterTest {
 protected:
  CommitterLettersTest() {
    source_ = MakeTopic("orders", {Durability::kOs, 0});
    dead_ = MakeTopic("dead", {Durability::kOs, 0});
    node_.dead_letters.send = [this](std::shared_ptr<Topic> topic,
                                     std::shared_ptr<Channel> channel,
                                     std::unique_ptr<RecordBlock> block) {
      committer_.PublishLetters(
          dead_, std::move(block), std::move(topic), channel,
          [channel](const absl::StatusOr<PublishOutcome>& outcome) {
            channel->OnLettersStored(outcome.status());
          });
    };
  }
  // Everything in between has happened: the bodies are read, then written.
  void SettleLetters() {
    node_.FinishIo();
    Settle();
  }
  ChannelStats Stats() { return source_->Stats("c", false).channels.at(0); }

  std::shared_ptr<Topic> source_;
  std::shared_ptr<Topic> dead_;
};

TEST_F(CommitterLettersTest, ALetterComesAndItsMessageGoesInOneWrite) {
  FakeClient client = Subscribe(*source_, 10);
  (*source_->FindChannel("c"))->SetConfig({1, "dead"});
  ASSERT_TRUE(Publish(source_, {"poison"}).ok());
  const auto taken = client.Take();
  Advance(absl::Seconds(1));
  ASSERT_THAT(SavedCursor(*source_).unfinished, SizeIs(1));
  const size_t before = node_.store.batches().size();
  node_.store.HoldAppends();
  client.Requeue(taken);
  ASSERT_TRUE(node_.store.WaitForHeldAppend());
  EXPECT_EQ(dead_->log().end(), 1u);
  EXPECT_THAT(SavedCursor(*source_).unfinished, SizeIs(1));
  EXPECT_EQ(Stats().depth, 1u);
  node_.store.ReleaseAppends();
  SettleLetters();
  EXPECT_EQ(dead_->log().end(), 2u);
  EXPECT_THAT(SavedCursor(*source_).unfinished, IsEmpty());
  EXPECT_EQ(Stats().dead_letter_count, 1u);
  EXPECT_EQ(Stats().message_count, 1u);
  const auto batches = node_.store.batches();
  ASSERT_GT(batches.size(), before);
  EXPECT_EQ(batches[before].blocks, 1u);
  EXPECT_GE(batches[before].records, 1u) << "the cursor";
}

TEST_F(CommitterLettersTest, AFailedWriteLeavesTheMessageWhereItWas) {
  FakeClient client = Subscribe(*source_, 10);
  (*source_->FindChannel("c"))->SetConfig({1, "dead"});
  ASSERT_TRUE(Publish(source_, {"poison"}).ok());
  const auto taken = client.Take();
  Settle();
  node_.store.memory().FailNextAppendForTest();
  client.Requeue(taken);
  SettleLetters();
  EXPECT_EQ(Stats().dead_letter_count, 0u);
  EXPECT_EQ(Stats().depth, 1u);
  EXPECT_EQ(Stats().message_count, 1u);
}

}  // namespace
}  // namespace sluice
