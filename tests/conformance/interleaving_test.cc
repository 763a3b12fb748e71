// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Pausing, resuming, emptying and deleting topics and channels while others
// publish and consume.
#include <atomic>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/publisher_session.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

constexpr char kChannel[] = "c";

// Publishes until it is told to stop. Only what a deletion explains may fail.
class BusyPublisher {
 public:
  BusyPublisher(NodeClient& client, const std::string& topic)
      : client_(client), topic_(topic), thread_([this] { Run(); }) {}
  ~BusyPublisher() {
    stop_ = true;
    thread_.join();
  }
  uint64_t published() const { return published_; }

 private:
  void Run() {
    PublisherSession session(client_);
    for (uint64_t i = 1; !stop_; ++i) {
      session.Send(i, PublishOf(topic_, {"x", "y"}));
      const v1::PublishResult result = session.ExpectResult(i);
      if (result.has_published()) {
        ++published_;
      } else {
        EXPECT_EQ(OutcomeOf(result.error()).reason, "TOPIC_NOT_FOUND");
      }
    }
  }

  NodeClient& client_;
  const std::string topic_;
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> published_{0};
  std::thread thread_;
};

// Consumes until it is told to stop; comes back when its stream ends, which
// only a deletion may do.
class BusySubscriber {
 public:
  BusySubscriber(NodeClient& client, const std::string& topic)
      : client_(client), topic_(topic), thread_([this] { Run(); }) {}
  ~BusySubscriber() {
    stop_ = true;
    thread_.join();
  }
  uint64_t ends() const { return ends_; }
  uint64_t finished() const { return finished_; }

 private:
  void Run() {
    while (!stop_) {
      SubscriberSession session(client_, OpenOf(topic_, kChannel, 10));
      while (!stop_ && !session.ended()) {
        const auto delivery = session.NextDelivery(absl::Milliseconds(20));
        if (!delivery.has_value()) continue;
        ++finished_;
        // Some go back, so that there is more than one place to be in.
        if (finished_ % 5 == 0) {
          session.Requeue({delivery->delivery_id()});
        } else {
          session.Finish({delivery->delivery_id()});
        }
      }
      if (!session.ended()) continue;
      const Outcome end = session.ExpectEnd();
      EXPECT_EQ(end.code, absl::StatusCode::kNotFound) << end;
      EXPECT_TRUE(end.reason == "TOPIC_NOT_FOUND" ||
                  end.reason == "CHANNEL_NOT_FOUND")
          << end;
      ++ends_;
    }
  }

  NodeClient& client_;
  const std::string topic_;
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> ends_{0};
  std::atomic<uint64_t> finished_{0};
  std::thread thread_;
};

struct Operation {
  const char* name;
  Outcome (*run)(NodeClient& client, const std::string& topic);
  bool ends_streams;
};

template <typename Request>
Outcome OnTopicOf(NodeClient& client, const std::string& topic) {
  return client.Call(OnTopic<Request>(topic));
}
template <typename Request>
Outcome OnChannelOf(NodeClient& client, const std::string& topic) {
  return client.Call(OnChannel<Request>(topic, kChannel));
}

const Operation kOperations[] = {
    {"PauseTopic", OnTopicOf<v1::PauseTopicRequest>, false},
    {"ResumeTopic", OnTopicOf<v1::ResumeTopicRequest>, false},
    {"EmptyTopic", OnTopicOf<v1::EmptyTopicRequest>, false},
    {"DeleteTopic", OnTopicOf<v1::DeleteTopicRequest>, true},
    {"PauseChannel", OnChannelOf<v1::PauseChannelRequest>, false},
    {"ResumeChannel", OnChannelOf<v1::ResumeChannelRequest>, false},
    {"EmptyChannel", OnChannelOf<v1::EmptyChannelRequest>, false},
    {"DeleteChannel", OnChannelOf<v1::DeleteChannelRequest>, true},
};

class InterleavingTest : public NodeTest {
 protected:
  // Deleting what another deletion, or nobody yet, has made is no fault.
  static void ExpectDone(const Outcome& outcome) {
    EXPECT_TRUE(outcome.ok() || outcome.code == absl::StatusCode::kNotFound)
        << outcome;
  }
  // With nobody at work any more: everything is in one place, and a message
  // that is published now arrives.
  void ExpectSound(const std::string& topic) {
    client().PublishOne(topic, "before");
    client().CreateChannel(topic, kChannel);
    ASSERT_TRUE(IsOk(OnTopicOf<v1::ResumeTopicRequest>(client(), topic)));
    ASSERT_TRUE(IsOk(OnChannelOf<v1::ResumeChannelRequest>(client(), topic)));
    const v1::ChannelStats stats = client().ChannelStatsOf(topic, kChannel);
    EXPECT_EQ(stats.message_count(),
              stats.finish_count() + stats.dead_letter_count() +
                  stats.dropped_count() + stats.depth() +
                  stats.in_flight_count() + stats.deferred_count());
    const uint64_t marker = client().PublishOne(topic, "marker");
    SubscriberSession session(client(), OpenOf(topic, kChannel, 100));
    for (bool found = false; !found;) {
      const auto delivery = session.NextDelivery(kPatience);
      ASSERT_TRUE(delivery.has_value()) << "the marker never came";
      found = delivery->message_id() == marker;
      session.Finish({delivery->delivery_id()});
    }
  }
};

class PairTest : public InterleavingTest,
                 public testing::WithParamInterface<Operation> {};

TEST_P(PairTest, EndsNoStreamButADeletedOnesAndLosesNothingToLimbo) {
  const Operation& operation = GetParam();
  client().CreateTopic(topic());
  client().CreateChannel(topic(), kChannel);
  {
    BusySubscriber subscriber(client(), topic());
    BusyPublisher publisher(client(), topic());
    EXPECT_TRUE(Eventually([&] { return subscriber.finished() > 0; }));
    for (int i = 0; i < 20; ++i) {
      ExpectDone(operation.run(client(), topic()));
      const uint64_t published = publisher.published();
      EXPECT_TRUE(Eventually([&] { return publisher.published() > published; }))
          << "publishers go on";
    }
    if (operation.ends_streams) {
      EXPECT_TRUE(Eventually([&] { return subscriber.ends() > 0; }));
    } else {
      EXPECT_EQ(subscriber.ends(), 0u);
    }
  }
  ExpectSound(topic());
}

INSTANTIATE_TEST_SUITE_P(Operations, PairTest, testing::ValuesIn(kOperations),
                         [](const auto& operation) {
                           return std::string(operation.param.name);
                         });

TEST_F(InterleavingTest, AllOfThemAtOnceLeaveASoundTopic) {
  // SLUICE_TEST_SEED=N repeats a run, as far as threads let it.
  const char* const given = std::getenv("SLUICE_TEST_SEED");
  unsigned seed = std::random_device()();
  if (given != nullptr) {
    ASSERT_TRUE(absl::SimpleAtoi(given, &seed));
  }
  std::cout << "SLUICE_TEST_SEED=" << seed << std::endl;
  std::mt19937 random(seed);
  client().CreateTopic(topic());
  {
    BusySubscriber subscribers[] = {{client(), topic()}, {client(), topic()}};
    BusyPublisher publishers[] = {{client(), topic()}, {client(), topic()}};
    for (int i = 0; i < 300; ++i) {
      const Operation& operation =
          kOperations[random() % std::size(kOperations)];
      ExpectDone(operation.run(client(), topic()));
      absl::SleepFor(absl::Microseconds(random() % 3000));
    }
  }
  ExpectSound(topic());
}

}  // namespace
}  // namespace sluice
