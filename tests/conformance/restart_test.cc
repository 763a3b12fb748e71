// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What a restart keeps, after a clean stop and after SIGKILL.
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

constexpr char kTopic[] = "orders";
constexpr char kChannel[] = "billing";

// Random bytes that say themselves whether they are whole.
std::string SealedBody(std::mt19937& random) {
  std::string bytes(random() % 3000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return absl::StrCat(std::hash<std::string>()(bytes), ":", bytes);
}
bool IsWhole(const std::string& body) {
  const size_t colon = body.find(':');
  return colon != std::string::npos &&
         body.substr(0, colon) ==
             absl::StrCat(std::hash<std::string>()(body.substr(colon + 1)));
}

class RestartTest : public testing::Test {
 protected:
  void Start(const std::vector<std::string>& flags = {}) {
    if (node_ == nullptr) node_ = std::make_unique<NodeProcess>(flags);
    ASSERT_TRUE(node_->Start().ok()) << node_->standard_error();
    clients_.push_back(std::make_unique<NodeClient>(node_->grpc_address()));
  }
  void Crash() {
    node_->Kill(SIGKILL);
    node_->Wait();
    Start();
  }
  void Restart() {
    node_->Kill(SIGTERM);
    ASSERT_EQ(node_->Wait(), 0) << node_->standard_error();
    Start();
  }

  void RestartWith(const std::vector<std::string>& flags) {
    node_->set_flags(flags);
    Restart();
  }

  NodeClient& client() { return *clients_.back(); }
  v1::ChannelStats Stats() { return client().ChannelStatsOf(kTopic, kChannel); }
  v1::TopicStats TopicStats() { return client().TopicStatsOf(kTopic); }

  // Publishes `batches` of random size; their bodies in the order of ids.
  std::vector<std::string> PublishSealed(int batches) {
    std::vector<std::string> all;
    for (int i = 0; i < batches; ++i) {
      std::vector<std::string> bodies;
      for (unsigned j = 0; j <= random_() % 20; ++j) {
        bodies.push_back(SealedBody(random_));
      }
      client().Publish(kTopic, bodies);
      all.insert(all.end(), bodies.begin(), bodies.end());
    }
    return all;
  }

  // All of these come out of the channel, byte by byte, and nothing else.
  void ExpectAll(std::vector<std::string> bodies) {
    SubscriberSession session(client(), OpenOf(kTopic, kChannel, 2500));
    auto got = BodiesOf(session.ExpectDeliveries(bodies.size()));
    session.ExpectNoDelivery();
    std::sort(bodies.begin(), bodies.end());
    std::sort(got.begin(), got.end());
    EXPECT_TRUE(got == bodies);
    EXPECT_TRUE(std::all_of(got.begin(), got.end(), IsWhole));
  }

 private:
  std::mt19937 random_{20261123};
  std::unique_ptr<NodeProcess> node_;
  // One for each start; the streams of a test may still hold the earlier.
  std::vector<std::unique_ptr<NodeClient>> clients_;
};

TEST_F(RestartTest, ACrashKeepsWhatWasAnsweredAsDisk) {
  Start();
  const auto bodies = PublishSealed(20);
  Crash();
  EXPECT_EQ(TopicStats().depth(), bodies.size());
  EXPECT_EQ(TopicStats().message_count(), 0);
  ExpectAll(bodies);
}

TEST_F(RestartTest, ACrashKeepsWhatWasAnsweredAsOs) {
  Start({"--durability=os"});
  const auto bodies = PublishSealed(20);
  EXPECT_EQ(client().Publish(kTopic, {"1:"}).durability(), v1::DURABILITY_OS);
  Crash();
  EXPECT_EQ(TopicStats().depth(), bodies.size() + 1);
}

TEST_F(RestartTest, ACrashKeepsAStrongerWishOnAMemoryTopic) {
  Start({"--mem-queue-size=10000"});
  client().PublishNumbers(kTopic, 10);
  v1::PublishRequest request = PublishOf(kTopic, {"kept"});
  request.set_durability(v1::DURABILITY_DISK);
  v1::PublishResponse response;
  ASSERT_TRUE(IsOk(client().Call(request, &response)));
  EXPECT_EQ(response.durability(), v1::DURABILITY_DISK);
  Crash();
  SubscriberSession session(client(), OpenOf(kTopic, kChannel, 100));
  bool found = false;
  while (auto one = session.NextDelivery(absl::Seconds(found ? 0 : 10))) {
    found = found || (one->body() == "kept" &&
                      one->message_id() == response.first_message_id());
  }
  EXPECT_TRUE(found);
}

TEST_F(RestartTest, ACrashMayLoseMemoryAndNeverUsesAnIdTwice) {
  Start({"--mem-queue-size=10000"});
  uint64_t last = 0;
  for (int round = 0; round < 4; ++round) {
    const auto response = client().Publish(kTopic, Numbers(50 + round));
    EXPECT_EQ(response.durability(), v1::DURABILITY_MEMORY);
    EXPECT_GT(response.first_message_id(), last);
    last = response.first_message_id() + response.message_count() - 1;
    Crash();
    // The topic itself was durable when its publish was answered, or is
    // forgotten with all its messages; the ids hold in either case.
    if (!client().TopicExists(kTopic)) continue;
    // A jump of ids is no message.
    EXPECT_LE(TopicStats().depth(), 50u * 4 + 6);
  }
}

TEST_F(RestartTest, ACleanStopKeepsMemoryAndGoesOnCounting) {
  Start({"--mem-queue-size=10000"});
  const auto bodies = PublishSealed(20);
  EXPECT_EQ(TopicStats().memory_depth(), bodies.size());
  Restart();
  EXPECT_EQ(TopicStats().depth(), bodies.size());
  EXPECT_EQ(TopicStats().memory_depth() + TopicStats().backlog_depth(),
            bodies.size());
  ExpectAll(bodies);
  EXPECT_EQ(client().PublishOne(kTopic, "next"), bodies.size() + 1);
}

TEST_F(RestartTest, ACleanStopGoesOnWithTheChannelsPlaces) {
  Start();
  client().PublishNumbers(kTopic, 10);
  {
    v1::Open open = OpenOf(kTopic, kChannel, 6);
    open.set_confirm_commands(true);
    SubscriberSession session(client(), open);
    const auto ids = IdsOf(session.ExpectDeliveries(6));
    session.Ready(0);
    session.Finish({ids[0], ids[2], ids[3]});
    session.Requeue({ids[1]});
    session.ExpectResults(4);
  }
  Restart();
  const v1::ChannelStats stats = Stats();
  EXPECT_EQ(stats.depth(), 7);
  EXPECT_EQ(stats.in_flight_count(), 0);
  EXPECT_EQ(stats.message_count(), 7);
  EXPECT_EQ(stats.finish_count(), 0);
  EXPECT_EQ(stats.requeue_count(), 0);
  SubscriberSession session(client(), OpenOf(kTopic, kChannel, 100));
  std::vector<std::string> got;
  for (const auto& one : session.ExpectDeliveries(7)) {
    got.push_back(absl::StrCat(one.body(), " attempt ", one.attempts()));
  }
  // 1 was requeued; 4 and 5 were held when the stream ended.
  EXPECT_THAT(got, testing::UnorderedElementsAre("1 attempt 2", "4 attempt 2",
                                                 "5 attempt 2", "6 attempt 1",
                                                 "7 attempt 1", "8 attempt 1",
                                                 "9 attempt 1"));
}

TEST_F(RestartTest, ACrashForgetsNoFinishOlderThanASecond) {
  Start();
  client().PublishNumbers(kTopic, 100);
  {
    v1::Open open = OpenOf(kTopic, kChannel, 60);
    open.set_confirm_commands(true);
    SubscriberSession session(client(), open);
    const auto held = session.ExpectDeliveries(60);
    session.Ready(0);
    // Every second one: gaps as well as a prefix.
    std::vector<uint64_t> ids;
    for (size_t i = 0; i < held.size(); i += 2) {
      ids.push_back(held[i].delivery_id());
    }
    session.Finish(ids);
    session.ExpectResults(ids.size());
    absl::SleepFor(absl::Seconds(1.5));
  }
  Crash();
  EXPECT_EQ(Stats().depth(), 70);
  SubscriberSession session(client(), OpenOf(kTopic, kChannel, 200));
  std::vector<uint64_t> got;
  for (const auto& one : session.ExpectDeliveries(70)) {
    got.push_back(one.message_id());
  }
  session.ExpectNoDelivery();
  for (uint64_t id : got) EXPECT_TRUE(id > 60 || id % 2 == 0) << id;
}

TEST_F(RestartTest, ACrashTurnsLeasesBackIntoDepth) {
  Start();
  client().PublishNumbers(kTopic, 10);
  SubscriberSession holder(client(), OpenOf(kTopic, kChannel, 4));
  holder.ExpectDeliveries(4);
  EXPECT_EQ(Stats().in_flight_count(), 4);
  Crash();
  EXPECT_FALSE(holder.ExpectEnd().ok());
  EXPECT_EQ(Stats().in_flight_count(), 0);
  EXPECT_EQ(Stats().depth(), 10);
  EXPECT_EQ(Stats().message_count(), 10);
}

// SLUICE_DEFERRED_MESSAGES in the environment asks for another number, such as
// 1000000.
int DeferredMessages() {
  int messages = 20'000;
  const char* const given = std::getenv("SLUICE_DEFERRED_MESSAGES");
  if (given != nullptr) {
    EXPECT_TRUE(absl::SimpleAtoi(given, &messages)) << given;
  }
  return messages;
}

TEST_F(RestartTest, DueTimesSurviveACrash) {
  Start({"--durability=os"});
  constexpr int kBatch = 1000;
  const int count = DeferredMessages();
  v1::PublishRequest request =
      PublishOf(kTopic, std::vector<std::string>(kBatch, "later"));
  for (v1::Message& message : *request.mutable_messages()) {
    message.mutable_delay()->set_seconds(3600);
  }
  for (int sent = 0; sent < count; sent += kBatch) {
    ASSERT_TRUE(IsOk(client().Call(request)));
  }
  request = PublishOf(kTopic, {"soon", "now"});
  request.mutable_messages(0)->mutable_delay()->set_seconds(4);
  ASSERT_TRUE(IsOk(client().Call(request)));
  const absl::Time published = absl::Now();
  {
    SubscriberSession session(client(), OpenOf(kTopic, kChannel, 10));
    const v1::Delivery now = session.ExpectDelivery();
    EXPECT_EQ(now.body(), "now");
    session.Finish({now.delivery_id()});
    absl::SleepFor(absl::Milliseconds(1500));  // so that it is saved
  }
  const uint64_t deferred = Stats().deferred_count();
  EXPECT_EQ(deferred, static_cast<uint64_t>(count) + 1);
  Crash();
  EXPECT_EQ(Stats().deferred_count(), deferred);
  SubscriberSession session(client(), OpenOf(kTopic, kChannel, 10));
  const v1::Delivery soon = session.ExpectDelivery();
  EXPECT_EQ(soon.body(), "soon");
  EXPECT_EQ(soon.attempts(), 1);
  EXPECT_GE(absl::Now(), published + absl::Seconds(3.9));
  EXPECT_EQ(Stats().deferred_count(), deferred - 1);
}

TEST_F(RestartTest, PausesAndConfigsSurviveACrash) {
  Start();
  auto create = OnTopic<v1::CreateTopicRequest>(kTopic);
  create.mutable_config()->set_durability(v1::DURABILITY_OS);
  create.mutable_config()->set_mem_queue_size(7);
  v1::CreateTopicResponse created;
  ASSERT_TRUE(IsOk(client().Call(create, &created)));
  client().CreateChannel(kTopic, kChannel);
  client().CreateChannel(kTopic, "other");
  client().PublishNumbers(kTopic, 3);
  ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::PauseTopicRequest>(kTopic))));
  ASSERT_TRUE(IsOk(
      client().Call(OnChannel<v1::PauseChannelRequest>(kTopic, kChannel))));
  client().PublishNumbers(kTopic, 2, 3);
  Crash();

  v1::GetTopicResponse topic;
  ASSERT_TRUE(
      IsOk(client().Call(OnTopic<v1::GetTopicRequest>(kTopic), &topic)));
  EXPECT_TRUE(topic.topic().paused());
  EXPECT_EQ(topic.topic().config().SerializeAsString(),
            create.config().SerializeAsString());
  EXPECT_EQ(topic.topic().create_time().seconds(),
            created.topic().create_time().seconds());
  EXPECT_TRUE(Stats().paused());
  EXPECT_FALSE(client().ChannelStatsOf(kTopic, "other").paused());
  EXPECT_EQ(Stats().depth(), 3);
  EXPECT_EQ(TopicStats().depth(), 2);
  SubscriberSession paused(client(), OpenOf(kTopic, kChannel, 10));
  SubscriberSession other(client(), OpenOf(kTopic, "other", 10));
  EXPECT_EQ(BodiesOf(other.ExpectDeliveries(3)), Numbers(3));
  other.ExpectNoDelivery();
  EXPECT_EQ(paused.waiting_deliveries(), 0);
  ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::ResumeTopicRequest>(kTopic))));
  ASSERT_TRUE(IsOk(
      client().Call(OnChannel<v1::ResumeChannelRequest>(kTopic, kChannel))));
  EXPECT_EQ(BodiesOf(paused.ExpectDeliveries(5)), Numbers(5));
  EXPECT_EQ(BodiesOf(other.ExpectDeliveries(2)), Numbers(2, 3));
}

TEST_F(RestartTest, WhatWasDeletedOrEmptiedStaysSoAfterACrash) {
  Start();
  client().PublishNumbers("gone", 5);
  client().PublishNumbers(kTopic, 5);
  client().CreateChannel(kTopic, kChannel);
  client().CreateChannel(kTopic, "gone");
  client().PublishNumbers("emptied", 5);
  ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::DeleteTopicRequest>("gone"))));
  ASSERT_TRUE(
      IsOk(client().Call(OnChannel<v1::DeleteChannelRequest>(kTopic, "gone"))));
  ASSERT_TRUE(IsOk(client().Call(OnTopic<v1::EmptyTopicRequest>("emptied"))));
  ASSERT_TRUE(IsOk(
      client().Call(OnChannel<v1::EmptyChannelRequest>(kTopic, kChannel))));
  Crash();
  EXPECT_FALSE(client().TopicExists("gone"));
  EXPECT_FALSE(client().ChannelExists(kTopic, "gone"));
  EXPECT_EQ(client().TopicStatsOf("emptied").depth(), 0);
  EXPECT_EQ(Stats().depth(), 0);
  EXPECT_EQ(Stats().message_count(), 0);
  EXPECT_GE(client().PublishOne(kTopic, "next"), 6);
  EXPECT_EQ(Stats().depth(), 1);
}

TEST_F(RestartTest, ADiskThatIsNearlyFullTakesNothingAndStillDelivers) {
  Start();
  client().PublishNumbers(kTopic, 5);
  RestartWith({"--disk-floor=1000000GiB"});
  EXPECT_TRUE(IsRetryable(client().Call(PublishOf(kTopic, {"x"})),
                          absl::StatusCode::kResourceExhausted, "DISK_FLOOR"));
  EXPECT_TRUE(IsRetryable(client().Call(PublishOf("new", {"x"})),
                          absl::StatusCode::kResourceExhausted, "DISK_FLOOR"));
  EXPECT_FALSE(client().TopicExists("new"));
  {
    SubscriberSession session(client(), OpenOf(kTopic, kChannel, 5));
    session.Finish(IdsOf(session.ExpectDeliveries(5)));
    session.Close();
    session.ExpectClosed();
  }
  RestartWith({});
  EXPECT_EQ(Stats().depth(), 0);
  EXPECT_EQ(client().PublishOne(kTopic, "x"), 6);
}

TEST_F(RestartTest, EphemeralThingsDoNotSurviveAndTheNodeIdDoes) {
  Start();
  v1::GetServerInfoResponse before;
  ASSERT_TRUE(IsOk(client().Call(v1::GetServerInfoRequest(), &before)));
  client().PublishNumbers("passing#ephemeral", 3);
  client().PublishNumbers(kTopic, 3);
  {
    SubscriberSession session(client(), OpenOf(kTopic, "tail#ephemeral", 1));
    session.ExpectOpened();
    Restart();
  }
  EXPECT_FALSE(client().TopicExists("passing#ephemeral"));
  EXPECT_FALSE(client().ChannelExists(kTopic, "tail#ephemeral"));
  EXPECT_EQ(TopicStats().depth(), 3);
  v1::GetServerInfoResponse after;
  ASSERT_TRUE(IsOk(client().Call(v1::GetServerInfoRequest(), &after)));
  EXPECT_EQ(after.server().node_id(), before.server().node_id());
}

}  // namespace
}  // namespace sluice
