// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Pausing, resuming, emptying and deleting, each beside a publish, a take and a
// finish, in both orders: the store is held up, so that what comes first is
// under way, not written and not answered, while the other is called.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "base/error.h"
#include "base/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/broker.h"
#include "server/queue/fake_node.h"
#include "server/queue/fake_store.h"
#include "server/queue/fake_subscriber.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A call that may be under way.
struct Pending {
  bool is_there() { return done.HasBeenNotified(); }
  absl::Status Wait() {
    done.WaitForNotification();
    return status;
  }
  void End(absl::Status result) {
    status = std::move(result);
    done.Notify();
  }
  absl::Status status;
  absl::Notification done;
};
using PendingPtr = std::shared_ptr<Pending>;

class BrokerInterleavingTest : public testing::Test {
 protected:
  BrokerInterleavingTest() {
    auto broker = Broker::Open(BrokerOptions(), store_, clock_);
    EXPECT_TRUE(broker.ok()) << broker.status();
    broker_ = *std::move(broker);
    EXPECT_TRUE(Publish("a")->Wait().ok());
    subscription_ = Subscribe();
    EXPECT_TRUE(Publish("b")->Wait().ok());
  }
  ~BrokerInterleavingTest() override {
    store_.ReleaseAppends();
    subscription_.reset();
  }

  // Starts these.
  PendingPtr Publish(const std::string& body) {
    auto pending = std::make_shared<Pending>();
    auto topic = broker_->TopicForPublish("t");
    EXPECT_TRUE(topic.ok()) << topic.status();
    broker_->Publish(
        *topic, MakeBlock({body}), Durability::kUnspecified,
        [pending](const auto& outcome) { pending->End(outcome.status()); });
    return pending;
  }
  PendingPtr Pause(bool paused = true) {
    auto pending = std::make_shared<Pending>();
    broker_->SetChannelPaused("t", "c", paused, [pending](const auto& info) {
      pending->End(info.status());
    });
    return pending;
  }
  PendingPtr Resume() { return Pause(false); }
  PendingPtr Empty() {
    auto pending = std::make_shared<Pending>();
    broker_->EmptyChannel("t", "c", [pending](auto s) { pending->End(s); });
    return pending;
  }
  PendingPtr Delete() {
    auto pending = std::make_shared<Pending>();
    broker_->DeleteChannel("t", "c", [pending](auto s) { pending->End(s); });
    return pending;
  }
  PendingPtr DeleteTopic() {
    auto pending = std::make_shared<Pending>();
    broker_->DeleteTopic("t", [pending](auto s) { pending->End(s); });
    return pending;
  }
  PendingPtr PauseTopic(bool paused) {
    auto pending = std::make_shared<Pending>();
    broker_->SetTopicPaused("t", paused, [pending](const auto& info) {
      pending->End(info.status());
    });
    return pending;
  }

  // `first` is under way when this returns.
  template <typename First>
  PendingPtr HoldUp(First first) {
    store_.HoldAppends();
    PendingPtr pending = first();
    EXPECT_TRUE(store_.WaitForHeldAppend());
    EXPECT_FALSE(pending->is_there());
    return pending;
  }
  // Both end well.
  void LetGo(const std::vector<PendingPtr>& calls) {
    store_.ReleaseAppends();
    for (const PendingPtr& call : calls) {
      const absl::Status status = call->Wait();
      EXPECT_TRUE(status.ok()) << status;
    }
  }

  std::unique_ptr<Subscription> Subscribe() {
    subscriber_ = std::make_shared<FakeSubscriber>();
    SubscriberSpec spec;
    spec.message_timeout = absl::Seconds(60);
    auto subscription = broker_->Subscribe(
        "t", "c", StartPosition::kUnspecified, spec, subscriber_);
    EXPECT_TRUE(subscription.ok()) << subscription.status();
    (*subscription)->SetReady(10, 0);
    return *std::move(subscription);
  }
  std::vector<std::string> Take() {
    std::vector<std::string> bodies;
    for (const TakenMessage& message : TakeAll(*subscription_)) {
      ids_.push_back(message.id);
      bodies.push_back(message.body);
    }
    return bodies;
  }
  // How many of those taken were not in flight.
  size_t FinishTaken() {
    std::vector<DeliveryId> refused;
    subscription_->Finish(ids_, &refused);
    return refused.size();
  }
  ChannelStats Stats() {
    const auto stats = broker_->GetStats("t", "c", false);
    EXPECT_TRUE(stats.ok()) << stats.status();
    const ChannelStats channel = stats->at(0).channels.at(0);
    EXPECT_EQ(channel.message_count,
              channel.finish_count + channel.dropped_count + channel.depth +
                  channel.in_flight_count + channel.deferred_count);
    return channel;
  }

  FakeStore store_;
  FakeClock clock_;
  std::unique_ptr<Broker> broker_;
  std::shared_ptr<FakeSubscriber> subscriber_;
  std::unique_ptr<Subscription> subscription_;
  std::vector<DeliveryId> ids_;
};

TEST_F(BrokerInterleavingTest, APausedChannelTakesInWhatIsPublishedMeanwhile) {
  const auto pause = HoldUp([&] { return Pause(); });
  const auto publish = Publish("c");
  EXPECT_THAT(Take(), IsEmpty()) << "it counts before it is answered";
  LetGo({pause, publish});
  EXPECT_THAT(Take(), IsEmpty());
  EXPECT_EQ(Stats().depth, 3u);
  EXPECT_TRUE(Resume()->Wait().ok());
  EXPECT_THAT(Take(), ElementsAre("a", "b", "c"));
}

TEST_F(BrokerInterleavingTest, APausedChannelKeepsBackAPublishThatIsUnderWay) {
  const auto publish = HoldUp([&] { return Publish("c"); });
  const auto pause = Pause();
  LetGo({publish, pause});
  EXPECT_THAT(Take(), IsEmpty());
  const auto resume = HoldUp([&] { return Resume(); });
  EXPECT_THAT(Take(), ElementsAre("a", "b", "c"))
      << "it counts before it is answered";
  LetGo({resume});
}

TEST_F(BrokerInterleavingTest, WhatIsPublishedDuringAResumeWakesWhoWaits) {
  EXPECT_TRUE(Pause()->Wait().ok());
  EXPECT_THAT(Take(), IsEmpty());
  const int calls = subscriber_->ready_calls();
  const auto resume = HoldUp([&] { return Resume(); });
  const auto publish = Publish("c");
  EXPECT_TRUE(subscriber_->WaitForReadyCalls(calls + 1));
  LetGo({resume, publish});
  EXPECT_THAT(Take(), ElementsAre("a", "b", "c"));
}

TEST_F(BrokerInterleavingTest, APauseBesideATakeLeavesItsLeasesGood) {
  EXPECT_THAT(Take(), ElementsAre("a", "b"));
  const auto pause = HoldUp([&] { return Pause(); });
  EXPECT_EQ(FinishTaken(), 0u);
  LetGo({pause});
  EXPECT_EQ(Stats().finish_count, 2u);
  EXPECT_TRUE(Publish("c")->Wait().ok());
  EXPECT_THAT(Take(), IsEmpty());
}

TEST_F(BrokerInterleavingTest, AResumeBesideAFinishLosesNeither) {
  EXPECT_THAT(Take(), ElementsAre("a", "b"));
  EXPECT_TRUE(Pause()->Wait().ok());
  EXPECT_TRUE(Publish("c")->Wait().ok());
  const auto resume = HoldUp([&] { return Resume(); });
  EXPECT_EQ(FinishTaken(), 0u);
  EXPECT_THAT(Take(), ElementsAre("c"));
  LetGo({resume});
  EXPECT_EQ(Stats().in_flight_count, 1u);
}

TEST_F(BrokerInterleavingTest, AnEmptyingDropsNothingThatIsPublishedAfterIt) {
  const auto empty = HoldUp([&] { return Empty(); });
  const auto publish = Publish("c");
  LetGo({empty, publish});
  EXPECT_EQ(Stats().dropped_count, 2u);
  EXPECT_THAT(Take(), ElementsAre("c"));
}

TEST_F(BrokerInterleavingTest, AnEmptyingLeavesAPublishThatIsUnderWay) {
  const auto publish = HoldUp([&] { return Publish("c"); });
  const auto empty = Empty();
  LetGo({publish, empty});
  EXPECT_THAT(Take(), ElementsAre("c"));
}

TEST_F(BrokerInterleavingTest, AnEmptyingVoidsATakeBeforeItAndNoneAfterIt) {
  EXPECT_THAT(Take(), ElementsAre("a", "b"));
  const auto empty = HoldUp([&] { return Empty(); });
  EXPECT_EQ(FinishTaken(), 2u) << "they are not in flight";
  EXPECT_EQ(Stats().finish_count, 0u);
  EXPECT_EQ(Stats().dropped_count, 2u);
  LetGo({empty});
  EXPECT_TRUE(Publish("c")->Wait().ok());
  ids_.clear();
  EXPECT_THAT(Take(), ElementsAre("c"));
  EXPECT_EQ(FinishTaken(), 0u);
}

TEST_F(BrokerInterleavingTest, AFinishBeforeAnEmptyingCountsAsOne) {
  EXPECT_THAT(Take(), ElementsAre("a", "b"));
  EXPECT_EQ(FinishTaken(), 0u);
  const auto empty = HoldUp([&] { return Empty(); });
  LetGo({empty});
  EXPECT_EQ(Stats().finish_count, 2u);
  EXPECT_EQ(Stats().dropped_count, 0u);
}

TEST_F(BrokerInterleavingTest, ADeletedChannelTakesAndFinishesNothingMore) {
  EXPECT_THAT(Take(), ElementsAre("a", "b"));
  const auto deletion = HoldUp([&] { return Delete(); });
  EXPECT_EQ(ErrorReason(subscriber_->closed()), "CHANNEL_NOT_FOUND");
  EXPECT_EQ(FinishTaken(), 2u);
  EXPECT_THAT(Take(), IsEmpty());
  LetGo({deletion});
}

TEST_F(BrokerInterleavingTest,
       APublishBesideADeletionIsThereForTheNextChannel) {
  const auto deletion = HoldUp([&] { return Delete(); });
  const auto after = Publish("after");
  LetGo({deletion, after});
  subscription_ = Subscribe();  // the topic's first again
  EXPECT_THAT(Take(), testing::Contains("after"));
}

TEST_F(BrokerInterleavingTest, APublishUnderWayOutlivesTheChannel) {
  const auto publish = HoldUp([&] { return Publish("c"); });
  const auto deletion = Delete();
  LetGo({publish, deletion});
  subscription_ = Subscribe();
  EXPECT_THAT(Take(), testing::Contains("c"));
}

TEST_F(BrokerInterleavingTest, APausedTopicHoldsBackWhatIsUnderWay) {
  const auto publish = HoldUp([&] { return Publish("c"); });
  const auto pause = PauseTopic(true);
  LetGo({publish, pause});
  EXPECT_THAT(Take(), ElementsAre("a", "b"));
  const auto resume = HoldUp([&] { return PauseTopic(false); });
  EXPECT_THAT(Take(), ElementsAre("c"));
  LetGo({resume});
}

TEST_F(BrokerInterleavingTest,
       APublishBesideTheTopicsDeletionIsBeforeOrAfterIt) {
  const auto before = HoldUp([&] { return Publish("before"); });
  const auto deletion = DeleteTopic();
  EXPECT_EQ(ErrorReason(subscriber_->closed()), "TOPIC_NOT_FOUND");
  const auto after = Publish("after");
  LetGo({before, deletion, after});
  subscription_ = Subscribe();
  EXPECT_THAT(Take(), ElementsAre("after"));
}

}  // namespace
}  // namespace sluice
