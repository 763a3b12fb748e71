// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// The Consumer against real nodes.
#include "client/consumer.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "client/producer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/client_fixture.h"
#include "tests/conformance/client.h"

namespace sluice {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

class ConsumerTest : public ClientTest {
 protected:
  ConsumerTest() {
    options_.topic = "t";
    options_.channel = "c";
    options_.backoff_base = absl::Milliseconds(50);
  }
  std::unique_ptr<Consumer> Consume(Consumer::Handler handler) {
    auto consumer = Consumer::Create(Connect(), options_, std::move(handler));
    EXPECT_TRUE(consumer.ok()) << consumer.status();
    return *std::move(consumer);
  }
  std::unique_ptr<Consumer> ConsumeInto(Inbox* inbox) {
    return Consume(
        [inbox](const Message& message) { return inbox->Take(message); });
  }
  // Nothing while it does not exist.
  v1::ChannelStats Channel(size_t i) {
    NodeClient client(Address(i));
    if (!client.ChannelExists("t", "c")) return v1::ChannelStats();
    return client.ChannelStatsOf("t", "c");
  }
  bool EventuallyDone(size_t i, uint64_t finished) {
    return Eventually([&] {
      const v1::ChannelStats stats = Channel(i);
      return stats.finish_count() == finished && stats.depth() == 0 &&
             stats.in_flight_count() == 0;
    });
  }

  ConsumerOptions options_;
};

TEST_F(ConsumerTest, ReceivesAndFinishesEveryMessage) {
  StartNodes(1);
  NodeClient(Address(0)).PublishNumbers("t", 1000);
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  EXPECT_TRUE(EventuallyDone(0, 1000));
  EXPECT_THAT(inbox.bodies(), SizeIs(1000));
  EXPECT_THAT(inbox.distinct(), SizeIs(1000));
  EXPECT_TRUE(consumer->Stop(absl::Seconds(5)).ok());
  const ConsumerStats stats = consumer->stats();
  EXPECT_EQ(stats.received, 1000u);
  EXPECT_EQ(stats.finished, 1000u);
  EXPECT_EQ(stats.late, 0u);
}

TEST_F(ConsumerTest, TellsTheHandlerWhatTheMessageIs) {
  StartNodes(1);
  v1::PublishRequest request = PublishOf("t", {"x"});
  (*request.mutable_messages(0)->mutable_attributes())["lang"] = "en";
  ASSERT_TRUE(NodeClient(Address(0)).Call(request).ok());
  absl::Notification done;
  Message seen;
  const auto consumer = Consume([&](const Message& message) {
    seen = message;
    done.Notify();
    return HandlerResult::Finish();
  });
  ASSERT_TRUE(done.WaitForNotificationWithTimeout(kPatience));
  EXPECT_EQ(seen.topic, "t");
  EXPECT_EQ(seen.channel, "c");
  EXPECT_EQ(seen.node, Address(0));
  EXPECT_EQ(seen.id, 1u);
  EXPECT_EQ(seen.attempts, 1u);
  EXPECT_EQ(seen.body, "x");
  EXPECT_EQ(seen.attributes.at("lang"), "en");
  EXPECT_LT(absl::Now() - seen.publish_time, absl::Minutes(1));
}

TEST_F(ConsumerTest, ReceivesFromAllNodesThereAre) {
  StartNodes(3);
  for (const size_t i : {0, 1, 2}) {
    NodeClient(Address(i)).PublishNumbers("t", 100, static_cast<int>(i) * 100);
  }
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  EXPECT_TRUE(Eventually([&] { return inbox.size() == 300; }));
  EXPECT_THAT(inbox.distinct(), SizeIs(300));
  EXPECT_THAT(inbox.nodes(), SizeIs(3));
}

TEST_F(ConsumerTest, SharesMaxInFlightAmongTheNodes) {
  StartNodes(2);
  options_.max_in_flight = 10;
  absl::Notification go;
  const auto consumer = Consume([&go](const Message&) {
    go.WaitForNotification();
    return HandlerResult::Finish();
  });
  const auto all_have = [&](uint32_t ready, uint32_t in_flight) {
    const ConsumerStats stats = consumer->stats();
    return stats.nodes.size() == 2 &&
           std::all_of(stats.nodes.begin(), stats.nodes.end(),
                       [&](const ConsumerNodeStats& node) {
                         return node.ready == ready &&
                                node.in_flight == in_flight;
                       });
  };
  EXPECT_TRUE(Eventually([&] { return all_have(5, 0); }));
  for (const size_t i : {0, 1}) {
    NodeClient(Address(i)).PublishNumbers("t", 50);
  }
  EXPECT_TRUE(Eventually([&] { return all_have(5, 5); }));
  go.Notify();
  EXPECT_TRUE(EventuallyDone(0, 50));
  EXPECT_TRUE(EventuallyDone(1, 50));
}

TEST_F(ConsumerTest, WithLessThanNodesItHearsAllInTurn) {
  StartNodes(3);
  options_.max_in_flight = 1;
  for (const size_t i : {0, 1, 2}) {
    NodeClient(Address(i)).PublishNumbers("t", 2, static_cast<int>(i) * 10);
  }
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  EXPECT_TRUE(Eventually([&] { return inbox.size() == 6; }));
  EXPECT_THAT(inbox.nodes(), SizeIs(3));
}

TEST_F(ConsumerTest, PausesAndGoesOn) {
  StartNodes(1);
  options_.max_in_flight = 0;
  NodeClient(Address(0)).PublishNumbers("t", 10);
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  EXPECT_TRUE(Eventually([&] {
    const ConsumerStats stats = consumer->stats();
    return !stats.nodes.empty() && stats.nodes[0].connected;
  }));
  EXPECT_EQ(inbox.size(), 0u);
  consumer->SetMaxInFlight(5);
  EXPECT_TRUE(Eventually([&] { return inbox.size() == 10; }));
}

TEST_F(ConsumerTest, ARequeuedMessageComesAgainAndIsCounted) {
  StartNodes(1);
  options_.max_backoff = absl::ZeroDuration();
  NodeClient(Address(0)).PublishNumbers("t", 1);
  Inbox inbox;
  const auto consumer = Consume([&inbox](const Message& message) {
    inbox.Take(message);
    return message.attempts < 3 ? HandlerResult::Requeue(absl::Milliseconds(1))
                                : HandlerResult::Finish();
  });
  EXPECT_TRUE(EventuallyDone(0, 1));
  EXPECT_THAT(inbox.attempts(), ElementsAre(1, 2, 3));
  EXPECT_EQ(consumer->stats().requeued, 2u);
}

TEST_F(ConsumerTest, AMessageGivenBackDoesNotCountAnAttempt) {
  StartNodes(1);
  NodeClient(Address(0)).PublishNumbers("t", 1);
  Inbox inbox;
  const auto consumer = Consume([&inbox](const Message& message) {
    inbox.Take(message);
    return inbox.size() < 3 ? HandlerResult::GiveBack()
                            : HandlerResult::Finish();
  });
  EXPECT_TRUE(EventuallyDone(0, 1));
  EXPECT_THAT(inbox.attempts(), ElementsAre(1, 1, 1));
  EXPECT_FALSE(consumer->stats().backing_off);
}

TEST_F(ConsumerTest, BacksOffWhileHandlersFailAndComesBack) {
  StartNodes(1);
  options_.backoff_base = absl::Milliseconds(200);
  std::atomic<bool> broken{true};
  std::atomic<int> calls{0};
  NodeClient(Address(0)).PublishNumbers("t", 100);
  const auto consumer = Consume([&](const Message&) {
    ++calls;
    return broken ? HandlerResult::Requeue(absl::ZeroDuration())
                  : HandlerResult::Finish();
  });
  EXPECT_TRUE(Eventually([&] { return consumer->stats().backoff_level >= 2; }));
  // One to begin with and one probe, and perhaps one that a worker had by then.
  EXPECT_LE(calls, 4);
  // What waited here has gone back, without having been tried.
  EXPECT_GT(consumer->stats().given_back, 0u);
  broken = false;
  EXPECT_TRUE(EventuallyDone(0, 100));
  EXPECT_TRUE(Eventually([&] { return !consumer->stats().backing_off; }));
}

TEST_F(ConsumerTest, RenewsLeasesWhileAHandlerWorks) {
  StartNodes(1);
  options_.message_timeout = absl::Seconds(1);
  NodeClient(Address(0)).PublishNumbers("t", 2);
  Inbox inbox;
  // The work itself takes longer than the lease, twice over for the second.
  const auto consumer = Consume([&inbox](const Message& message) {
    absl::SleepFor(absl::Milliseconds(1500));
    return inbox.Take(message);
  });
  EXPECT_TRUE(EventuallyDone(0, 2));
  EXPECT_THAT(inbox.attempts(), ElementsAre(1, 1));
  EXPECT_EQ(consumer->stats().late, 0u);
}

TEST_F(ConsumerTest, GivesUpAfterTheAttemptsItMayMake) {
  StartNodes(1);
  options_.max_attempts = 2;
  options_.default_requeue_delay = absl::ZeroDuration();
  Inbox given_up;
  options_.on_give_up = [&given_up](const Message& message) {
    return given_up.Take(message);
  };
  std::atomic<int> calls{0};
  NodeClient(Address(0)).PublishNumbers("t", 1);
  const auto consumer = Consume([&calls](const Message&) {
    ++calls;
    return HandlerResult::Requeue();
  });
  EXPECT_TRUE(EventuallyDone(0, 1));
  EXPECT_EQ(calls, 2);
  EXPECT_THAT(given_up.attempts(), ElementsAre(3));
  EXPECT_EQ(consumer->stats().given_up, 1u);
}

TEST_F(ConsumerTest, StoppingFinishesWhatIsWorkedOnAndGivesBackTheRest) {
  StartNodes(1);
  NodeClient(Address(0)).PublishNumbers("t", 20);
  absl::Notification began;
  absl::Notification go;
  const auto consumer = Consume([&](const Message&) {
    if (!began.HasBeenNotified()) began.Notify();
    go.WaitForNotification();
    return HandlerResult::Finish();
  });
  ASSERT_TRUE(began.WaitForNotificationWithTimeout(kPatience));
  EXPECT_TRUE(Eventually([&] { return consumer->stats().in_flight == 20; }));
  std::thread stopper(
      [&] { EXPECT_TRUE(consumer->Stop(absl::Seconds(10)).ok()); });
  EXPECT_TRUE(Eventually([&] { return Channel(0).in_flight_count() == 1; }));
  go.Notify();
  stopper.join();
  const v1::ChannelStats stats = Channel(0);
  EXPECT_EQ(stats.finish_count(), 1u);
  EXPECT_EQ(stats.depth(), 19u);
  EXPECT_EQ(stats.client_count(), 0u);
  Inbox inbox;
  const auto next = ConsumeInto(&inbox);
  EXPECT_TRUE(Eventually([&] { return inbox.size() == 19; }));
  EXPECT_THAT(inbox.attempts(), Each(1u));
}

TEST_F(ConsumerTest, StoppingDoesNotWaitForEver) {
  StartNodes(1);
  NodeClient(Address(0)).PublishNumbers("t", 1);
  absl::Notification began;
  absl::Notification go;
  const auto consumer = Consume([&](const Message&) {
    began.Notify();
    go.WaitForNotification();
    return HandlerResult::Finish();
  });
  ASSERT_TRUE(began.WaitForNotificationWithTimeout(kPatience));
  EXPECT_EQ(consumer->Stop(absl::Milliseconds(50)).code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(Eventually([&] { return Channel(0).depth() == 1; }));
  go.Notify();
}

TEST_F(ConsumerTest, FindsItsNodeAgainWhenItIsKilled) {
  StartNodes(1);
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  for (int round = 0; round < 3; ++round) {
    NodeClient(Address(0)).PublishNumbers("t", 100, round * 100);
    EXPECT_TRUE(Eventually([&] {
      return inbox.distinct().size() == static_cast<size_t>(round + 1) * 100;
    }));
    KillNode(0);
    RestartNode(0);
    const absl::Time back = absl::Now();
    EXPECT_TRUE(Eventually([&] { return Channel(0).client_count() == 1; }));
    EXPECT_LT(absl::Now() - back, absl::Seconds(2));
  }
}

TEST_F(ConsumerTest, LeavesANodeThatDrainsAndGoesOnWithTheOthers) {
  StartNodes(2);
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  EXPECT_TRUE(Eventually([&] { return Channel(0).client_count() == 1; }));
  ASSERT_TRUE(NodeClient(Address(0)).Call(v1::DrainRequest()).ok());
  NodeClient(Address(1)).PublishNumbers("t", 100);
  EXPECT_TRUE(Eventually([&] { return inbox.size() == 100; }));
  EXPECT_TRUE(Eventually([&] { return Channel(0).client_count() == 0; }));
  for (const ConsumerNodeStats& node : consumer->stats().nodes) {
    EXPECT_EQ(node.ready, node.address == Address(1) ? 200u : 0u);
  }
}

TEST_F(ConsumerTest, DoesNotBringBackATopicThatIsDeleted) {
  StartNodes(1);
  std::atomic<int> reports{0};
  options_.on_error = [&reports](const std::string&,
                                 const absl::Status& status) {
    if (ErrorReason(status) == "TOPIC_NOT_FOUND") ++reports;
  };
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  NodeClient client(Address(0));
  EXPECT_TRUE(Eventually([&] { return client.ChannelExists("t", "c"); }));
  ASSERT_TRUE(client.Call(OnTopic<v1::DeleteTopicRequest>("t")).ok());
  EXPECT_TRUE(Eventually([&] { return reports == 1; }));
  // Longer than it waits before it subscribes again to a node that was away.
  absl::SleepFor(absl::Milliseconds(500));
  EXPECT_FALSE(client.TopicExists("t"));
}

TEST_F(ConsumerTest, DropsTheSecondCopyOfARedundantPublish) {
  StartNodes(2);
  options_.dedup_window = 1000;
  ProducerOptions producer_options;
  producer_options.copies = 2;
  const auto producer = *Producer::Create(Connect(), producer_options);
  for (int i = 0; i < 200; ++i) {
    producer->Publish("t", Text(absl::StrCat(i)), nullptr);
  }
  ASSERT_TRUE(producer->Flush(absl::Seconds(10)).ok());
  Inbox inbox;
  const auto consumer = ConsumeInto(&inbox);
  EXPECT_TRUE(EventuallyDone(0, 200));
  EXPECT_TRUE(EventuallyDone(1, 200));
  EXPECT_THAT(inbox.bodies(), SizeIs(200));
  EXPECT_THAT(inbox.distinct(), SizeIs(200));
  EXPECT_EQ(consumer->stats().duplicates, 200u);
}

TEST_F(ConsumerTest, ACompletionMayComeLaterAndFromAnywhere) {
  StartNodes(1);
  NodeClient(Address(0)).PublishNumbers("t", 100);
  absl::Mutex mu;
  std::vector<Delivery> held;
  auto consumer = Consumer::CreateAsync(Connect(), options_, [&](Delivery d) {
    const absl::MutexLock lock(&mu);
    held.push_back(std::move(d));
  });
  ASSERT_TRUE(consumer.ok());
  EXPECT_TRUE(Eventually([&] {
    const absl::MutexLock lock(&mu);
    return held.size() == 100;
  }));
  std::thread finisher([&] {
    const absl::MutexLock lock(&mu);
    for (Delivery& delivery : held) delivery.Finish();
  });
  finisher.join();
  EXPECT_TRUE(EventuallyDone(0, 100));
}

TEST_F(ConsumerTest, ADeliveryMayOutliveItsConsumer) {
  StartNodes(1);
  NodeClient(Address(0)).PublishNumbers("t", 1);
  absl::Mutex mu;
  std::vector<Delivery> held;
  {
    auto consumer = Consumer::CreateAsync(Connect(), options_, [&](Delivery d) {
      const absl::MutexLock lock(&mu);
      held.push_back(std::move(d));
    });
    EXPECT_TRUE(Eventually([&] {
      const absl::MutexLock lock(&mu);
      return held.size() == 1;
    }));
  }
  held[0].Finish();
  held.clear();
  EXPECT_TRUE(Eventually([&] { return Channel(0).depth() == 1; }));
}

TEST_F(ConsumerTest, RefusesOptionsThatMakeNoSense) {
  StartNodes(1);
  options_.channel = "no channel";
  Inbox inbox;
  const auto bad_name = Consumer::Create(
      Connect(), options_,
      [&inbox](const Message& message) { return inbox.Take(message); });
  EXPECT_EQ(ErrorReason(bad_name.status()), "INVALID_NAME");
  options_.channel = "c";
  options_.max_attempts = 3;
  const auto silent_loss = Consumer::Create(
      Connect(), options_,
      [&inbox](const Message& message) { return inbox.Take(message); });
  EXPECT_EQ(ErrorField(silent_loss.status()), "on_give_up");
}

}  // namespace
}  // namespace sluice
