// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// How subscriptions end, and what becomes of their leases. A lease lasts a
// minute here, so a message that comes again was given back.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

using testing::UnorderedElementsAre;

class SubscribeEndTest : public NodeTest {
 protected:
  v1::ChannelStats Stats() { return client().ChannelStatsOf(topic(), "c"); }

  // Three messages, all held by `holder`.
  void LetHold(SubscriberSession& holder) {
    client().PublishNumbers(topic(), 3);
    EXPECT_EQ(holder.ExpectDeliveries(3).size(), 3);
  }

  // All three come to somebody else, in their second attempt.
  void ExpectGivenBack() {
    SubscriberSession next(client(), OpenOf(topic(), "c", 10));
    const auto got = next.ExpectDeliveries(3);
    EXPECT_THAT(BodiesOf(got), UnorderedElementsAre("0", "1", "2"));
    for (const v1::Delivery& delivery : got) EXPECT_EQ(delivery.attempts(), 2);
    EXPECT_EQ(Stats().in_flight_count(), 3);
    EXPECT_EQ(Stats().finish_count(), 0);
  }
};

TEST_F(SubscribeEndTest, CloseWithoutLeasesClosesAtOnce) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 10));
  session.ExpectOpened();
  session.Close();
  session.ExpectClosed();
}

TEST_F(SubscribeEndTest, CloseWaitsForWhatIsLeasedAndDeliversNothingMore) {
  client().PublishNumbers(topic(), 10);
  SubscriberSession session(client(), OpenOf(topic(), "c", 3));
  const auto ids = IdsOf(session.ExpectDeliveries(3));
  session.Close();
  session.Finish({ids[0]});
  session.ExpectNoDelivery();
  EXPECT_FALSE(session.ended());
  EXPECT_EQ(Stats().in_flight_count(), 2);
  session.Touch({ids[1]});
  session.Requeue({ids[1]});
  session.ExpectNoDelivery();
  EXPECT_FALSE(session.ended());
  session.Finish({ids[2]});
  session.ExpectClosed();
  EXPECT_EQ(session.waiting_deliveries(), 0);
  EXPECT_EQ(Stats().finish_count(), 2);
  EXPECT_EQ(Stats().depth(), 8);
  EXPECT_EQ(Stats().client_count(), 0);
}

TEST_F(SubscribeEndTest, ReadyAfterCloseBringsNothing) {
  client().PublishNumbers(topic(), 10);
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  const v1::Delivery held = session.ExpectDelivery();
  session.Close();
  session.Ready(5);
  session.ExpectNoDelivery();
  session.Finish({held.delivery_id()});
  session.ExpectClosed();
}

TEST_F(SubscribeEndTest, HalfCloseAfterCloseGivesBackAndCloses) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 3));
  LetHold(session);
  session.Close();
  session.HalfClose();
  session.ExpectClosed();
  ExpectGivenBack();
}

TEST_F(SubscribeEndTest, HalfCloseGivesBackAtOnceAndCloses) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 3));
  LetHold(session);
  session.HalfClose();
  session.ExpectClosed();
  ExpectGivenBack();
}

TEST_F(SubscribeEndTest, CommandsBeforeAHalfCloseStillCount) {
  client().PublishNumbers(topic(), 3);
  SubscriberSession session(client(), OpenOf(topic(), "c", 3));
  session.Finish(IdsOf(session.ExpectDeliveries(3)));
  session.HalfClose();
  session.ExpectClosed();
  EXPECT_EQ(Stats().finish_count(), 3);
  EXPECT_EQ(Stats().depth(), 0);
}

TEST_F(SubscribeEndTest, CancelGivesBackAtOnce) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 3));
  LetHold(session);
  session.Cancel();
  EXPECT_EQ(session.ExpectEnd().code, absl::StatusCode::kCancelled);
  ExpectGivenBack();
  EXPECT_TRUE(Eventually([this] { return Stats().client_count() == 0; }));
}

TEST_F(SubscribeEndTest, AnErrorGivesBackAtOnce) {
  SubscriberSession session(client(), OpenOf(topic(), "c", 3));
  LetHold(session);
  session.Send(v1::SubscribeRequest());
  EXPECT_FALSE(session.ExpectEnd().ok());
  ExpectGivenBack();
}

TEST_F(SubscribeEndTest, TheDeathOfTheClientGivesBackAtOnce) {
  client().PublishNumbers(topic(), 3);
  std::vector<std::string> words = {
      absl::StrCat(std::getenv("TEST_SRCDIR"), "/",
                   std::getenv("TEST_WORKSPACE"),
                   "/tests/conformance/lease_holder"),
      node().grpc_address(), topic(), "c", "3"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t holder = -1;
  ASSERT_EQ(posix_spawn(&holder, arguments[0], nullptr, nullptr,
                        arguments.data(), environ),
            0);
  EXPECT_TRUE(Eventually([this] {
    return client().TopicExists(topic()) &&
           client().ChannelExists(topic(), "c") &&
           Stats().in_flight_count() == 3;
  }));
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  ExpectGivenBack();
}

TEST_F(SubscribeEndTest, DeletingTheChannelEndsItsStreams) {
  SubscriberSession holder(client(), OpenOf(topic(), "c", 3));
  LetHold(holder);
  SubscriberSession idle(client(), OpenOf(topic(), "c"));
  idle.ExpectOpened();
  SubscriberSession elsewhere(client(), OpenOf(topic(), "d"));
  elsewhere.ExpectOpened();
  ASSERT_TRUE(
      IsOk(client().Call(OnChannel<v1::DeleteChannelRequest>(topic(), "c"))));
  EXPECT_TRUE(IsChannelNotFound(holder.ExpectEnd(), topic(), "c"));
  EXPECT_TRUE(IsChannelNotFound(idle.ExpectEnd(), topic(), "c"));
  client().PublishOne(topic(), "x");
  elsewhere.Ready(1);
  EXPECT_EQ(elsewhere.ExpectDelivery().body(), "x");
}

TEST_F(SubscribeEndTest, DeletingTheTopicEndsItsStreams) {
  SubscriberSession one(client(), OpenOf(topic(), "c", 3));
  LetHold(one);
  SubscriberSession two(client(), OpenOf(topic(), "d"));
  two.ExpectOpened();
  ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::DeleteTopicRequest>(topic()))));
  EXPECT_TRUE(IsTopicNotFound(one.ExpectEnd(), topic()));
  EXPECT_TRUE(IsTopicNotFound(two.ExpectEnd(), topic()));
}

}  // namespace
}  // namespace sluice
