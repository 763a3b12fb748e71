// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// What becomes of messages that were delivered as often as the channel allows.
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/channel.h"
#include "server/queue/fake_channel.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ChannelDeadLetterTest : public ChannelTest {
 protected:
  void Allow(uint32_t attempts, const std::string& target) {
    config_.max_attempts = attempts;
    config_.dead_letter_topic = target;
    Open("c");
  }
  // What the topic was handed since the last call.
  std::vector<std::unique_ptr<RecordBlock>> Letters() {
    node_.FinishIo();
    absl::MutexLock lock(&owner_->mu);
    return std::exchange(owner_->letters, {});
  }
};

TEST_F(ChannelDeadLetterTest, IsDeliveredExactlyAsOftenAsAllowed) {
  Allow(3, "");
  Publish(1);
  FakeClient client = Subscribe();
  for (uint32_t attempt = 1; attempt <= 3; ++attempt) {
    const auto taken = client.Take();
    ASSERT_THAT(taken, SizeIs(1));
    EXPECT_EQ(taken[0].attempts, attempt);
    client.Requeue(taken);
  }
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(Stats().dead_letter_count, 1u);
  EXPECT_EQ(Stats().message_count, 1u);
  EXPECT_EQ(Stats().depth, 0u);
  EXPECT_EQ(channel_->NeededFrom(), 2u);
}

TEST_F(ChannelDeadLetterTest, FinishingTheLastAttemptIsNotTooLate) {
  Allow(1, "dead");
  Publish(1);
  FakeClient client = Subscribe();
  client.Finish(client.Take());
  EXPECT_EQ(Stats().dead_letter_count, 0u);
  EXPECT_EQ(Stats().finish_count, 1u);
  EXPECT_THAT(Letters(), IsEmpty());
}

TEST_F(ChannelDeadLetterTest, GoesToItsTopicAndIsCountedUntilItIsThere) {
  Allow(1, "dead");
  Publish(2);
  FakeClient client = Subscribe();
  client.Requeue(client.Take());
  const auto letters = Letters();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0]->message_count(), 2u);
  EXPECT_EQ(letters[0]->body(1), "2");
  EXPECT_EQ(Stats().depth, 2u);
  EXPECT_EQ(Stats().message_count, 2u);
  EXPECT_EQ(channel_->NeededFrom(), 1u);
  channel_->OnLettersNumbered();
  channel_->OnLettersStored(absl::OkStatus());
  EXPECT_EQ(Stats().depth, 0u);
  EXPECT_EQ(Stats().dead_letter_count, 2u);
  EXPECT_EQ(Stats().message_count, 2u);
  EXPECT_EQ(channel_->NeededFrom(), 3u);
}

TEST_F(ChannelDeadLetterTest, LeavesTheCursorRecordWithItsOwnCommitOnly) {
  Allow(1, "dead");
  Publish(1);
  FakeClient client = Subscribe();
  client.Requeue(client.Take());
  ASSERT_THAT(Letters(), SizeIs(1));
  Sequence floor = 0;
  EXPECT_THAT(SaveCursor(&floor).unfinished, SizeIs(1));
  channel_->OnLettersNumbered();
  EXPECT_THAT(SaveCursor(&floor).unfinished, IsEmpty());
  channel_->OnLettersStored(absl::UnavailableError("the disk is gone"));
  EXPECT_THAT(SaveCursor(&floor).unfinished, SizeIs(1));
  EXPECT_EQ(Stats().depth, 1u);
}

TEST_F(ChannelDeadLetterTest, ALetterThatWasRefusedIsSentAgainLater) {
  Allow(1, "dead");
  Publish(1);
  FakeClient client = Subscribe();
  client.Requeue(client.Take());
  ASSERT_THAT(Letters(), SizeIs(1));
  channel_->OnLettersStored(absl::NotFoundError("deleted meanwhile"));
  EXPECT_THAT(Letters(), IsEmpty());
  node_.Advance(absl::Seconds(1));
  EXPECT_THAT(Letters(), SizeIs(1));
}

TEST_F(ChannelDeadLetterTest, ATimeoutAndADisconnectEndAnAttemptToo) {
  Allow(1, "");
  Publish(1);
  {
    FakeClient client = Subscribe();
    client.Take();
  }
  EXPECT_EQ(Stats().dead_letter_count, 1u);
  Publish(1);
  FakeClient client = Subscribe();
  client.Take();
  node_.Advance(absl::Seconds(60));
  EXPECT_EQ(Stats().dead_letter_count, 2u);
  EXPECT_EQ(Stats().timeout_count, 1u);
}

TEST_F(ChannelDeadLetterTest, AnAttemptThatIsNotCountedKillsNobody) {
  Allow(1, "");
  Publish(1);
  FakeClient client = Subscribe();
  for (int i = 0; i < 5; ++i) {
    const auto taken = client.Take();
    ASSERT_THAT(taken, SizeIs(1));
    EXPECT_EQ(taken[0].attempts, 1u);
    client.Requeue(taken, /*keep_attempts=*/true);
  }
  EXPECT_EQ(Stats().dead_letter_count, 0u);
}

TEST_F(ChannelDeadLetterTest, ADelayDoesNotProlongTheLastAttempt) {
  Allow(1, "");
  Publish(1);
  FakeClient client = Subscribe();
  client.RequeueLater(client.Take(), absl::Hours(1));
  EXPECT_EQ(Stats().dead_letter_count, 1u);
  EXPECT_EQ(Stats().deferred_count, 0u);
}

TEST_F(ChannelDeadLetterTest, ALoweredLimitHoldsFromTheNextTake) {
  Publish(2);
  FakeClient client = Subscribe();
  for (int i = 0; i < 3; ++i) client.Requeue(client.Take());
  channel_->SetConfig({2, ""});
  EXPECT_THAT(client.Take(), IsEmpty());
  EXPECT_EQ(Stats().dead_letter_count, 2u);
  EXPECT_EQ(Stats().message_count, 2u);
}

TEST_F(ChannelDeadLetterTest, ManyLettersGoInSeveralWrites) {
  Allow(1, "dead");
  Publish(100);
  FakeClient client = Subscribe();
  client.Requeue(client.Take());
  uint64_t sent = 0;
  while (sent < 100) {
    const auto letters = Letters();
    ASSERT_THAT(letters, SizeIs(1));
    sent += letters[0]->message_count();
    channel_->OnLettersStored(absl::OkStatus());
  }
  EXPECT_EQ(Stats().dead_letter_count, 100u);
  EXPECT_EQ(channel_->NeededFrom(), 101u);
}

TEST_F(ChannelDeadLetterTest, LettersAreReadBackFromDisk) {
  Allow(1, "dead");
  Publish(1);
  FakeClient client = Subscribe();
  const auto taken = client.Take();
  EvictTail();
  client.Requeue(taken);
  const auto letters = Letters();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0]->body(0), "1");
}

TEST_F(ChannelDeadLetterTest, EmptyingDropsWhatIsOnItsWay) {
  Allow(1, "dead");
  Publish(1);
  FakeClient client = Subscribe();
  client.Requeue(client.Take());
  ASSERT_THAT(Letters(), SizeIs(1));
  channel_->Empty();
  channel_->OnLettersStored(absl::OkStatus());
  EXPECT_EQ(Stats().dropped_count, 1u);
  EXPECT_EQ(Stats().dead_letter_count, 0u);
  EXPECT_EQ(Stats().message_count, 1u);
}

}  // namespace
}  // namespace sluice
