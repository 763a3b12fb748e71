// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/peek.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/fake_channel.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PeekTest : public ChannelTest {
 protected:
  std::vector<std::string> Bodies(const PeekSpec& spec,
                                  const Channel* channel) {
    auto messages = PeekMessages(spec, *log_, channel, node_.store);
    EXPECT_TRUE(messages.ok()) << messages.status();
    std::vector<std::string> bodies;
    for (const PeekedMessage& message : *messages) {
      bodies.push_back(std::string(message.block->body(message.index)));
    }
    return bodies;
  }
};

TEST_F(PeekTest, ShowsTheKeptLogFromMemoryAndDisk) {
  Publish(2);
  Publish(2);
  EvictTail();
  Publish(2);
  EXPECT_THAT(Bodies({}, nullptr), ElementsAre("1", "2", "3", "4", "5", "6"));
  PeekSpec spec;
  spec.from = 2;
  spec.limit = 3;
  EXPECT_THAT(Bodies(spec, nullptr), ElementsAre("2", "3", "4"));
}

TEST_F(PeekTest, ShowsWhatAChannelHasNotFinishedAndTakesNothing) {
  Publish(5);
  FakeClient client = Subscribe(3);
  const auto taken = client.Take();
  client.Finish({taken[1]});
  client.Requeue({taken[2]});
  EXPECT_THAT(Bodies({}, channel_.get()), ElementsAre("1", "3", "4", "5"));
  auto messages = PeekMessages({}, *log_, channel_.get(), node_.store);
  ASSERT_TRUE(messages.ok());
  EXPECT_EQ((*messages)[0].state, MessageState::kInFlight);
  EXPECT_EQ((*messages)[0].attempts, 1u);
  EXPECT_EQ((*messages)[1].state, MessageState::kReady);
  EXPECT_EQ((*messages)[1].attempts, 1u);
  EXPECT_EQ((*messages)[2].attempts, 0u);
  EXPECT_EQ(Stats().depth, 3u);
}

TEST_F(PeekTest, ShowsOneStateOnly) {
  Publish(3);
  FakeClient client = Subscribe(1);
  client.Take();
  PeekSpec spec;
  spec.state = MessageState::kInFlight;
  EXPECT_THAT(Bodies(spec, channel_.get()), ElementsAre("1"));
  spec.state = MessageState::kReady;
  EXPECT_THAT(Bodies(spec, channel_.get()), ElementsAre("2", "3"));
  spec.state = MessageState::kDeferred;
  EXPECT_THAT(Bodies(spec, channel_.get()), IsEmpty());
}

TEST_F(PeekTest, StopsAtItsBytesButShowsOneMessageAlways) {
  PublishBodies({"aaaa", "bbbb", "cccc"});
  PeekSpec spec;
  spec.max_bytes = 8;
  EXPECT_THAT(Bodies(spec, nullptr), ElementsAre("aaaa", "bbbb"));
  spec.max_bytes = 1;
  EXPECT_THAT(Bodies(spec, nullptr), ElementsAre("aaaa"));
}

TEST_F(PeekTest, PassesOverWhatIsForgottenOrInAGap) {
  Publish(2);
  Publish(4);
  log_->AdvanceFirst(3);
  log_->AddGap(4, 5);
  EXPECT_THAT(Bodies({}, nullptr), ElementsAre("3", "5", "6"));
}

TEST_F(PeekTest, SaysWhenTheDiskCannotBeRead) {
  Publish(1);
  EvictTail();
  node_.store.FailReads(1);
  EXPECT_FALSE(PeekMessages({}, *log_, nullptr, node_.store).ok());
}

}  // namespace
}  // namespace sluice
