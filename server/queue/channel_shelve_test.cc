// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// Very many deferred messages: memory knows those that are due next.
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/channel.h"
#include "server/queue/fake_channel.h"
#include "server/queue/peek.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kMessages = 300;
constexpr absl::Duration kFirstDelay = absl::Hours(1);

class ChannelShelveTest : public ChannelTest {
 protected:
  ChannelShelveTest() { node_.limits.channel_deferred_in_memory = 100; }

  // Message n is due an hour and n seconds from now.
  void PublishLate(int count = kMessages) {
    std::vector<absl::Duration> delays;
    for (int i = 1; i <= count; ++i) {
      delays.push_back(kFirstDelay + absl::Seconds(i));
    }
    PublishDelayed(delays);
  }
  // Until nothing more is parked or shelved.
  CursorState Settle() {
    CursorState state;
    for (int i = 0; i < 100; ++i) {
      node_.FinishIo();
      state = Commit();
    }
    return state;
  }
  // Lets time pass like the node does, which looks every ten seconds at least.
  void Pass(absl::Duration duration) {
    const SteadyTime end = node_.clock.SteadyNow() + duration;
    while (node_.clock.SteadyNow() < end) {
      node_.Advance(std::min(absl::Seconds(10), end - node_.clock.SteadyNow()));
      node_.FinishIo();
    }
  }
  // Takes and finishes each message in its second.
  void ExpectAllInTheirOrder(FakeClient& client, bool commits = true) {
    for (int i = 1; i <= kMessages; ++i) {
      Pass(absl::Seconds(1) - absl::Nanoseconds(1));
      ASSERT_THAT(client.Take(), IsEmpty()) << "before " << i;
      Pass(absl::Nanoseconds(1));
      const auto taken = client.TakeSome();
      ASSERT_THAT(SequencesOf(taken), ElementsAre(i));
      EXPECT_EQ(taken[0].attempts, 1u);
      EXPECT_EQ(taken[0].body, std::to_string(i));
      client.Finish(taken);
      if (commits && i % 7 == 0) Commit();
    }
  }
};

uint64_t OnShelves(const CursorState& state) {
  uint64_t messages = 0;
  for (const CursorState::Shelf& shelf : state.shelves) {
    messages += shelf.message_count;
  }
  return messages;
}

TEST_F(ChannelShelveTest, MemoryAndTheRecordKnowOnlyThoseThatAreDueNext) {
  PublishLate();
  FakeClient client = Subscribe();
  EXPECT_THAT(client.Take(), IsEmpty());
  const CursorState state = Settle();
  EXPECT_LT(state.unfinished.size(), 110u);
  EXPECT_EQ(state.unfinished.size() + OnShelves(state), kMessages + 0u);
  ASSERT_FALSE(state.unfinished.empty());
  EXPECT_EQ(state.unfinished.front().sequence, 1u);
  EXPECT_EQ(Stats().deferred_count, kMessages + 0u);
  EXPECT_EQ(channel_->unfinished(), kMessages + 0u);
  EXPECT_EQ(Stats().message_count, kMessages + 0u);
}

TEST_F(ChannelShelveTest, FewStayWhereTheyAre) {
  PublishLate(109);
  FakeClient client = Subscribe();
  client.Take();
  const CursorState state = Settle();
  EXPECT_THAT(state.shelves, IsEmpty());
  EXPECT_EQ(ParkedRecords(), 0u);
}

TEST_F(ChannelShelveTest, EachComesAtItsTimeAndNotBefore) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  Settle();
  Pass(kFirstDelay);
  ExpectAllInTheirOrder(client);
  EXPECT_EQ(Stats().deferred_count, 0u);
  EXPECT_EQ(Stats().finish_count, kMessages + 0u);
  const CursorState state = Settle();
  EXPECT_THAT(state.shelves, IsEmpty());
  EXPECT_EQ(ParkedRecords(), 0u) << "no copy and no shelf is left";
  EXPECT_EQ(channel_->parked_bytes(), 0u);
  EXPECT_EQ(channel_->NeededFrom(), kMessages + 1u);
}

TEST_F(ChannelShelveTest, ARestartKnowsThemToo) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  const CursorState state = Settle();
  const uint64_t parked_bytes = channel_->parked_bytes();
  client = {};
  const auto decoded = CursorState::Decode(state.Encode());
  ASSERT_TRUE(decoded.ok());
  Open("c", *decoded);
  EXPECT_EQ(Stats().deferred_count, kMessages + 0u);
  EXPECT_EQ(channel_->parked_bytes(), parked_bytes);
  client = Subscribe();
  Pass(kFirstDelay);
  ExpectAllInTheirOrder(client);
}

TEST_F(ChannelShelveTest, AfterALongStopAllOfThemAreDue) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  const CursorState state = Settle();
  client = {};
  node_.clock.MoveDate(absl::Hours(2));
  Open("c", state);
  client = Subscribe();
  Pass(absl::Seconds(10));
  std::vector<Sequence> seen;
  while (seen.size() < kMessages) {
    const auto taken = client.TakeSome();
    ASSERT_FALSE(taken.empty());
    for (const TakenMessage& message : taken) seen.push_back(message.sequence);
    client.Finish(taken);
  }
  for (int i = 0; i < kMessages; ++i) EXPECT_EQ(seen[i], i + 1u);
}

TEST_F(ChannelShelveTest, AWriteThatFailedGoesWithTheNext) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  for (int i = 0; i < 100; ++i) {
    node_.FinishIo();
    Sequence floor = 0;
    std::vector<StateWrite> lost;
    channel_->SaveCursor(&floor, &lost);
    channel_->OnCursorNotSaved();
    if (i % 2 == 0) Commit();
  }
  const CursorState state = Settle();
  EXPECT_GT(OnShelves(state), 0u);
  client = {};
  Open("c", state);
  client = Subscribe();
  Pass(kFirstDelay);
  ExpectAllInTheirOrder(client);
}

TEST_F(ChannelShelveTest, AShelfThatIsNotWrittenYetIsTakenDownAllTheSame) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  node_.FinishIo();
  Commit();  // the copies
  Sequence floor = 0;
  std::vector<StateWrite> lost;
  ASSERT_GT(OnShelves(channel_->SaveCursor(&floor, &lost)), 0u);
  channel_->OnCursorNotSaved();
  Pass(kFirstDelay);
  ExpectAllInTheirOrder(client, /*commits=*/false);
}

TEST_F(ChannelShelveTest, AShelfThatCannotBeReadIsTriedAgain) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  Settle();
  node_.store.FailReads(3);
  Pass(kFirstDelay);
  ExpectAllInTheirOrder(client);
  EXPECT_EQ(Stats().dropped_count, 0u);
}

TEST_F(ChannelShelveTest, EmptyingTheChannelClearsTheShelves) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  Settle();
  channel_->Empty();
  EXPECT_EQ(Stats().deferred_count, 0u);
  EXPECT_EQ(Stats().dropped_count, kMessages + 0u);
  EXPECT_EQ(channel_->parked_bytes(), 0u);
  Commit();
  EXPECT_EQ(ParkedRecords(), 0u);
  Pass(absl::Hours(2));
  EXPECT_THAT(client.Take(), IsEmpty());
}

TEST_F(ChannelShelveTest, OneThatIsEmptiedWhileAShelfIsReadStaysEmpty) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  Settle();
  absl::Notification release;
  node_.io_pool.Submit([&] { release.WaitForNotification(); });
  node_.Advance(kFirstDelay);  // the read waits behind
  channel_->Empty();
  release.Notify();
  node_.FinishIo();
  EXPECT_EQ(Stats().deferred_count, 0u);
  EXPECT_EQ(Stats().message_count, kMessages + 0u);
}

TEST_F(ChannelShelveTest, PeekingShowsThem) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  const CursorState state = Settle();
  ASSERT_GT(OnShelves(state), 0u);
  PeekSpec spec;
  spec.from = 250;
  const auto found = PeekMessages(spec, *log_, channel_.get(), node_.store);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 51u);
  EXPECT_EQ(found->front().block->body(found->front().index), "250");
  EXPECT_EQ(found->front().state, MessageState::kDeferred);
  EXPECT_EQ(found->back().block->body(found->back().index), "300");
  spec.state = MessageState::kReady;
  const auto ready = PeekMessages(spec, *log_, channel_.get(), node_.store);
  ASSERT_TRUE(ready.ok());
  EXPECT_THAT(*ready, IsEmpty());
}

TEST_F(ChannelShelveTest, TheLogIsNotKeptForThem) {
  PublishLate();
  FakeClient client = Subscribe();
  client.Take();
  node_.limits.channel_window_messages = 100;
  for (int i = 0; i < 700; ++i) {
    Publish(1);
    client.Finish(client.Take());
    if (i % 20 == 0) Settle();
  }
  Settle();
  EXPECT_GT(channel_->NeededFrom(), kMessages + 0u);
  ASSERT_TRUE(node_.store.Forget(log_->id(), channel_->NeededFrom()).ok());
  EvictTail();
  log_->tail().Trim(channel_->NeededFrom());
  Pass(kFirstDelay);
  ExpectAllInTheirOrder(client);
}

TEST_F(ChannelShelveTest, AChannelThatWasFullWhenItStoppedMakesRoomAgain) {
  node_.limits.channel_unfinished_in_memory = 200;
  PublishLate();
  Publish(1);
  FakeClient client = Subscribe();
  ASSERT_THAT(client.Take(), IsEmpty());
  const CursorState full = Commit();  // before anything was parked
  ASSERT_THAT(full.unfinished, SizeIs(200));
  client = {};
  Open("c", full);
  client = Subscribe();
  EXPECT_THAT(client.Take(), IsEmpty());
  Settle();
  std::vector<TakenMessage> taken;
  for (int i = 0; i < 10 && taken.empty(); ++i) {
    taken = client.Take();
    Settle();
  }
  EXPECT_THAT(SequencesOf(taken), ElementsAre(kMessages + 1));
}

TEST_F(ChannelShelveTest, AFullChannelTriesAgainWhatCouldNotBeCopied) {
  node_.limits.channel_unfinished_in_memory = 200;
  PublishLate();
  Publish(1);
  EvictTail();
  FakeClient client = Subscribe();
  for (int i = 0; i < 10; ++i) {
    client.Take();
    if (i == 1) node_.store.FailReads(1);  // of the copying
    node_.FinishIo();
  }
  Settle();
  Pass(absl::Seconds(2));  // nobody takes
  Settle();
  EXPECT_THAT(SequencesOf(client.TakeSome()), ElementsAre(kMessages + 1));
}

TEST_F(ChannelShelveTest, ThoseDueAtOnceComeDownOnlyAsFastAsOthersFinish) {
  node_.limits.channel_unfinished_in_memory = 120;
  PublishDelayed(std::vector<absl::Duration>(kMessages, kFirstDelay));
  FakeClient client = Subscribe();
  for (int i = 0; i < 50 && Stats().deferred_count < kMessages; ++i) {
    client.Take();
    Settle();
  }
  ASSERT_EQ(Stats().deferred_count, kMessages + 0u);
  Pass(kFirstDelay);
  std::vector<Sequence> seen;
  while (seen.size() < kMessages) {
    EXPECT_LE(Settle().unfinished.size(), 120u);
    Pass(absl::Seconds(1));
    const auto taken = client.TakeSome();
    ASSERT_FALSE(taken.empty()) << "after " << seen.size();
    for (const TakenMessage& message : taken) seen.push_back(message.sequence);
    client.Finish(taken);
  }
  for (int i = 0; i < kMessages; ++i) EXPECT_EQ(seen[i], i + 1u);
}

TEST_F(ChannelShelveTest, AMillionDeferredMessagesStopNobody) {
  node_.limits.channel_deferred_in_memory = 100'000;
  for (int i = 0; i < 11; ++i) {
    PublishDelayed(std::vector<absl::Duration>(100'000, absl::Hours(2)));
  }
  Publish(1);
  FakeClient client = Subscribe();
  uint64_t most = 0;
  std::vector<TakenMessage> taken;
  for (int i = 0; i < 1000 && taken.empty(); ++i) {
    for (int n = 0; n < 100 && taken.empty(); ++n) taken = client.Take();
    node_.FinishIo();
    most = std::max<uint64_t>(most, Commit().unfinished.size());
  }
  ASSERT_THAT(SequencesOf(taken), ElementsAre(1'100'001));
  EXPECT_EQ(Stats().deferred_count, 1'100'000u);
  EXPECT_LE(most, node_.limits.channel_unfinished_in_memory);
  size_t known = most;
  for (int i = 0; i < 20 && known > 120'000; ++i) {
    node_.FinishIo();
    known = Commit().unfinished.size();
  }
  EXPECT_LT(known, 120'000u);
}

}  // namespace
}  // namespace sluice
