// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/stream_inbox.h"

#include <memory>

#include "grpcpp/completion_queue.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

class StreamInboxTest : public testing::Test {
 protected:
  ~StreamInboxTest() override {
    inbox_.Close();
    queue_.Shutdown();
    Wakes();
  }

  // How often the stream was woken since the last call.
  int Wakes() {
    void* tag = nullptr;
    bool ok = false;
    while (queue_.AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_REALTIME)) ==
           grpc::CompletionQueue::GOT_EVENT) {
      static_cast<CompletionEvent*>(tag)->OnComplete(ok);
    }
    const int wakes = wakes_;
    wakes_ = 0;
    return wakes;
  }

  grpc::CompletionQueue queue_;
  int wakes_ = 0;
  StreamInbox inbox_{
      std::make_shared<WakeSignal>(&queue_, [this] { ++wakes_; })};
};

TEST_F(StreamInboxTest, NewsWakesAStreamThatSleeps) {
  inbox_.OnMessagesReady();
  EXPECT_EQ(Wakes(), 1);
  inbox_.BeginTurn();
  StreamInbox::News news;
  ASSERT_TRUE(inbox_.EndTurn(&news));
  EXPECT_TRUE(news.messages_ready);
  EXPECT_FALSE(news.drain);
  EXPECT_FALSE(inbox_.EndTurn(&news));
}

TEST_F(StreamInboxTest, AStreamAtWorkFindsNewsAtTheEndOfItsTurn) {
  inbox_.BeginTurn();
  inbox_.OnDrain();
  inbox_.OnChannelClosed(absl::NotFoundError("gone"));
  StreamInbox::News news;
  ASSERT_TRUE(inbox_.EndTurn(&news));
  EXPECT_TRUE(news.drain);
  EXPECT_EQ(news.channel_closed.message(), "gone");
  EXPECT_FALSE(inbox_.EndTurn(&news));
  EXPECT_EQ(Wakes(), 0);
  inbox_.OnStop();
  EXPECT_EQ(Wakes(), 1);
}

}  // namespace
}  // namespace sluice
