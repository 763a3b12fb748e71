// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// The counts, and the sums that hold between them.
#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/subscriber_session.h"

namespace sluice {
namespace {

uint64_t SumOfParts(const v1::ChannelStats& stats) {
  return stats.finish_count() + stats.dead_letter_count() +
         stats.dropped_count() + stats.depth() + stats.in_flight_count() +
         stats.deferred_count();
}

class StatsTest : public NodeTest {
 protected:
  explicit StatsTest(const std::vector<std::string>& flags = {})
      : NodeTest(flags) {}

  v1::ChannelStats Stats() { return client().ChannelStatsOf(topic(), "c"); }
  v1::TopicStats TopicStats() { return client().TopicStatsOf(topic()); }
};

TEST_F(StatsTest, CountsWhatIsPublished) {
  client().Publish(topic(), {"four", "", "sixsix"});
  client().Publish(topic(), {"x"});
  const v1::TopicStats stats = TopicStats();
  EXPECT_EQ(stats.topic(), topic());
  EXPECT_EQ(stats.message_count(), 4);
  EXPECT_EQ(stats.message_bytes(), 11);
  EXPECT_EQ(stats.depth(), 4);
  EXPECT_EQ(stats.memory_depth(), 0);
  EXPECT_EQ(stats.backlog_depth(), 4);
  EXPECT_FALSE(stats.paused());
  EXPECT_EQ(stats.durability(), v1::DURABILITY_DISK);
  EXPECT_EQ(stats.channels_size(), 0);
}

TEST_F(StatsTest, ShowsTheTopicsAndChannelsAskedFor) {
  for (const char* last : {"b", "a"}) {
    client().CreateTopic(topic() + last);
    for (const char* channel : {"z", "y"}) {
      client().CreateChannel(topic() + last, channel);
    }
  }
  const auto names = [](const v1::GetStatsResponse& response) {
    std::vector<std::string> all;
    for (const auto& of_topic : response.topics()) {
      all.push_back(of_topic.topic());
      for (const auto& of_channel : of_topic.channels()) {
        all.push_back(of_topic.topic() + "/" + of_channel.channel());
      }
    }
    return all;
  };
  v1::GetStatsResponse response;
  ASSERT_TRUE(IsOk(
      client().Call(OnTopic<v1::GetStatsRequest>(topic() + "a"), &response)));
  EXPECT_EQ(names(response),
            (std::vector<std::string>{topic() + "a", topic() + "a/y",
                                      topic() + "a/z"}));
  ASSERT_TRUE(IsOk(client().Call(
      OnChannel<v1::GetStatsRequest>(topic() + "b", "z"), &response)));
  EXPECT_EQ(names(response),
            (std::vector<std::string>{topic() + "b", topic() + "b/z"}));
  v1::GetStatsRequest by_channel;
  by_channel.set_channel("y");
  ASSERT_TRUE(IsOk(client().Call(by_channel, &response)));
  EXPECT_THAT(names(response),
              testing::IsSupersetOf({topic() + "a/y", topic() + "b/y"}));
  EXPECT_THAT(names(response),
              testing::Not(testing::Contains(topic() + "a/z")));
  ASSERT_TRUE(IsOk(client().Call(v1::GetStatsRequest(), &response)));
  EXPECT_FALSE(response.server().node_id().empty());
  std::vector<std::string> topics;
  for (const auto& one : response.topics()) topics.push_back(one.topic());
  EXPECT_THAT(topics, testing::IsSupersetOf({topic() + "a", topic() + "b"}));
  EXPECT_TRUE(std::is_sorted(topics.begin(), topics.end()));
  EXPECT_TRUE(IsInvalid(client().Call(OnTopic<v1::GetStatsRequest>("a b")),
                        "INVALID_NAME", "topic"));
}

TEST_F(StatsTest, TellsTheAgeOfTheOldestMessage) {
  client().CreateTopic(topic());
  client().CreateChannel(topic(), "c");
  EXPECT_FALSE(Stats().has_oldest_message_age());
  client().PublishOne(topic(), "x");
  ASSERT_TRUE(Stats().has_oldest_message_age());
  EXPECT_GE(Stats().oldest_message_age().nanos(), 0);
  EXPECT_LT(Stats().oldest_message_age().seconds(), 60);
  SubscriberSession session(client(), OpenOf(topic(), "c", 1));
  const auto held = session.ExpectDelivery();
  EXPECT_TRUE(Stats().has_oldest_message_age());
  session.Finish({held.delivery_id()});
  EXPECT_TRUE(Eventually([this] { return !Stats().has_oldest_message_age(); }));
}

// What one channel should say, by what was done to it.
struct Expected {
  uint64_t published = 0;
  uint64_t finished = 0;
  uint64_t requeued = 0;
};

// A few hundred random steps. What can be known after a step must be counted
// exactly; the sum of the parts must hold at every moment.
TEST_F(StatsTest, AddsUpAfterEveryStepOfARandomScenario) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto below = [&random](int bound) {
    return static_cast<int>(random() % static_cast<unsigned>(bound));
  };
  client().CreateTopic(topic());
  client().CreateChannel(topic(), "c");
  client().CreateChannel(topic(), "d");
  Expected expected;
  std::vector<std::unique_ptr<SubscriberSession>> sessions;
  std::map<SubscriberSession*, std::vector<uint64_t>> held;

  const auto collect = [&held](SubscriberSession& session) {
    while (auto one = session.NextDelivery(absl::ZeroDuration())) {
      held[&session].push_back(one->delivery_id());
    }
  };
  const auto settle = [&](bool finish) {
    SubscriberSession& session = *sessions[below(sessions.size())];
    collect(session);
    auto& ids = held[&session];
    std::shuffle(ids.begin(), ids.end(), random);
    std::vector<uint64_t> some(ids.begin(),
                               ids.begin() + below(ids.size() + 1));
    if (some.empty()) return;
    ids.erase(ids.begin(), ids.begin() + some.size());
    if (finish) {
      session.Finish(some);
    } else {
      session.Requeue(some, below(2) == 0);
    }
    // An emptied channel has let go of some of them.
    for (const auto& result : session.ExpectResults(some.size())) {
      if (result.outcome() != v1::COMMAND_OUTCOME_OK) continue;
      ++(finish ? expected.finished : expected.requeued);
    }
  };

  for (int step = 0; step < 250 && !HasFailure(); ++step) {
    switch (below(9)) {
      case 0:
      case 1: {
        const int count = 1 + below(50);
        client().PublishNumbers(topic(), count);
        expected.published += count;
        break;
      }
      case 2: {
        if (sessions.size() == 5) break;
        v1::Open open = OpenOf(topic(), "c", below(30));
        open.set_confirm_commands(true);
        sessions.push_back(std::make_unique<SubscriberSession>(client(), open));
        sessions.back()->ExpectOpened();
        break;
      }
      case 3:
        if (!sessions.empty())
          sessions[below(sessions.size())]->Ready(below(30));
        break;
      case 4:
      case 5:
        if (!sessions.empty()) settle(true);
        break;
      case 6:
        if (!sessions.empty()) settle(false);
        break;
      case 7:
        if (!sessions.empty() && below(4) == 0) {
          held.erase(sessions.back().get());
          sessions.back()->HalfClose();
          sessions.back()->ExpectClosed();
          sessions.pop_back();
        }
        break;
      case 8:
        if (below(6) == 0) {
          EXPECT_TRUE(IsOk(
              client().Call(OnChannel<v1::EmptyChannelRequest>(topic(), "c"))));
        } else if (below(2) == 0) {
          EXPECT_TRUE(IsOk(
              client().Call(OnChannel<v1::PauseChannelRequest>(topic(), "c"))));
        } else {
          EXPECT_TRUE(IsOk(client().Call(
              OnChannel<v1::ResumeChannelRequest>(topic(), "c"))));
        }
        break;
    }
    const v1::TopicStats stats = TopicStats();
    const v1::ChannelStats& c = stats.channels(0);
    const v1::ChannelStats& d = stats.channels(1);
    ASSERT_EQ(c.message_count(), SumOfParts(c)) << c.ShortDebugString();
    ASSERT_EQ(d.message_count(), SumOfParts(d)) << d.ShortDebugString();
    ASSERT_EQ(c.message_count(), expected.published) << step;
    ASSERT_EQ(c.finish_count(), expected.finished) << step;
    ASSERT_EQ(c.requeue_count(), expected.requeued) << step;
    ASSERT_EQ(c.client_count(), sessions.size()) << step;
    ASSERT_EQ(d.depth(), expected.published) << step;
    ASSERT_EQ(stats.message_count(), expected.published) << step;
    ASSERT_EQ(stats.depth(), 0) << step;
    ASSERT_EQ(stats.memory_depth() + stats.backlog_depth(), expected.published)
        << "the other channel needs them all";
  }
}

TEST_F(StatsTest, FreesTheLogWithinFifteenSecondsOfTheLastFinish) {
  constexpr int kMessages = 200;
  client().CreateTopic(topic());
  client().CreateChannel(topic(), "c");
  for (int i = 0; i < kMessages; i += 20) {
    client().Publish(topic(),
                     std::vector<std::string>(20, std::string(50'000, 'x')));
  }
  EXPECT_GE(TopicStats().log_bytes(), kMessages * 50'000);
  v1::Open open = OpenOf(topic(), "c", 50);
  SubscriberSession session(client(), open);
  for (int i = 0; i < kMessages; ++i) {
    session.Finish({session.ExpectDelivery().delivery_id()});
  }
  ASSERT_TRUE(
      Eventually([this] { return Stats().finish_count() == kMessages; }));
  EXPECT_EQ(TopicStats().backlog_depth(), 0);
  EXPECT_TRUE(Eventually([this] { return TopicStats().log_bytes() < 100'000; },
                         absl::Seconds(15)))
      << TopicStats().log_bytes();
}

class MemoryQueueStatsTest : public StatsTest {
 protected:
  MemoryQueueStatsTest() : StatsTest({"--mem-queue-size=100"}) {}
};

TEST_F(MemoryQueueStatsTest, TellMemoryAndBacklogApart) {
  client().CreateTopic(topic());
  client().CreateChannel(topic(), "c");
  EXPECT_EQ(TopicStats().durability(), v1::DURABILITY_MEMORY);
  client().PublishNumbers(topic(), 50);
  EXPECT_EQ(TopicStats().memory_depth(), 50);
  EXPECT_EQ(TopicStats().backlog_depth(), 0);
  for (int i = 0; i < 150; ++i) client().PublishOne(topic(), "x");
  EXPECT_LE(TopicStats().memory_depth(), 100);
  EXPECT_EQ(TopicStats().memory_depth() + TopicStats().backlog_depth(), 200);
  EXPECT_EQ(Stats().depth(), 200);

  SubscriberSession session(client(), OpenOf(topic(), "c", 50));
  for (int i = 0; i < 200; ++i) {
    const auto delivery = session.ExpectDelivery();
    EXPECT_EQ(delivery.body(), i < 50 ? absl::StrCat(i) : "x");
    session.Finish({delivery.delivery_id()});
  }
  EXPECT_TRUE(Eventually([this] {
    const v1::TopicStats stats = TopicStats();
    return stats.memory_depth() == 0 && stats.backlog_depth() == 0;
  })) << TopicStats().ShortDebugString();
}

TEST_F(MemoryQueueStatsTest, ATopicWithoutAQueueIsRaisedToOs) {
  auto request = OnTopic<v1::CreateTopicRequest>(topic());
  request.mutable_config()->set_mem_queue_size(0);
  ASSERT_TRUE(IsOk(client().Call(request)));
  EXPECT_EQ(client().Publish(topic(), {"x"}).durability(), v1::DURABILITY_OS);
  EXPECT_EQ(TopicStats().durability(), v1::DURABILITY_OS);
  EXPECT_EQ(TopicStats().backlog_depth(), 1);
}

TEST_F(StatsTest, AreWatchedUntilTheClientCancels) {
  client().PublishOne(topic(), "x");
  v1::WatchStatsRequest request;
  request.set_topic(topic());
  request.mutable_interval()->set_nanos(100'000'000);
  int answers = 0;
  const Outcome outcome =
      client().WatchStats(request, [&](const v1::WatchStatsResponse& answer) {
        ++answers;
        EXPECT_FALSE(answer.server().node_id().empty());
        EXPECT_EQ(answer.topics_size(), 1);
        EXPECT_EQ(answer.topics(0).message_count(), answers);
        if (answers == 4) return false;
        client().PublishOne(topic(), "y");
        return true;
      });
  EXPECT_EQ(answers, 4);
  EXPECT_EQ(outcome.code, absl::StatusCode::kCancelled) << outcome;
}

TEST_F(StatsTest, AreWatchedUntilTheTopicGoes) {
  client().PublishOne(topic(), "x");
  v1::WatchStatsRequest request;
  request.set_topic(topic());
  request.mutable_interval()->set_nanos(100'000'000);
  const Outcome outcome =
      client().WatchStats(request, [&](const v1::WatchStatsResponse&) {
        client().Call(OnTopic<v1::DeleteTopicRequest>(topic()));
        return true;
      });
  EXPECT_TRUE(IsTopicNotFound(outcome, topic()));
  EXPECT_TRUE(IsTopicNotFound(
      client().WatchStats(request, [](const auto&) { return true; }), topic()));
}

TEST_F(StatsTest, AreNotWatchedAtAnIntervalOfNothing) {
  for (const int nanos : {0, -5}) {
    v1::WatchStatsRequest request;
    request.mutable_interval()->set_nanos(nanos);
    EXPECT_TRUE(IsInvalid(
        client().WatchStats(request, [](const auto&) { return false; }),
        "INVALID_DURATION", "interval"));
  }
}

}  // namespace
}  // namespace sluice
