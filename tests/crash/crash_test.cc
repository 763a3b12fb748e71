// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Kills a node again and again while clients publish and consume, and judges
// what they saw.
//   --seed=N   repeats a run as far as time allows; each run prints its seed
//   --kills=N  10 unless told
#include <signal.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/publisher_session.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/crash/history.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

uint32_t seed = 0;  // 0: choose one
int kills = 10;

constexpr char kTopic[] = "crash";
constexpr char kChannel[] = "survivors";
// What a publisher sends ahead of its answers.
constexpr size_t kWindow = 16;

class CrashTest : public testing::Test {
 protected:
  void Start() {
    const absl::Status status = node_.Start();
    ASSERT_TRUE(status.ok()) << status;
  }

  // Batches of random size, with keys nobody used yet.
  v1::PublishRequest NextBatch(std::mt19937& random,
                               std::vector<uint64_t>* keys) {
    v1::PublishRequest request;
    request.set_topic(kTopic);
    for (unsigned i = 0; i <= random() % 20; ++i) {
      keys->push_back(next_key_++);
      request.add_messages()->set_body(BodyOf(keys->back()));
    }
    return request;
  }

  void Note(const std::vector<uint64_t>& keys,
            const v1::PublishResponse& response) {
    ASSERT_EQ(response.message_count(), keys.size());
    ASSERT_EQ(response.durability(), v1::DURABILITY_DISK);
    for (size_t i = 0; i < keys.size(); ++i) {
      history_.Acknowledged(keys[i], response.first_message_id() + i);
    }
  }

  // One call after the other, until the node dies.
  void PublishUnary(uint32_t own_seed) {
    std::mt19937 random(own_seed);
    NodeClient client(node_.grpc_address());
    while (!over_) {
      std::vector<uint64_t> keys;
      const auto request = NextBatch(random, &keys);
      v1::PublishResponse response;
      if (!client.Call(request, &response).ok()) return;
      Note(keys, response);
    }
  }

  // A stream with a window of unanswered batches, until the node dies.
  void PublishStream(uint32_t own_seed) {
    std::mt19937 random(own_seed);
    NodeClient client(node_.grpc_address());
    PublisherSession session(client);
    std::map<uint64_t, std::vector<uint64_t>> unanswered;
    for (uint64_t correlation_id = 0;; ++correlation_id) {
      std::vector<uint64_t>& keys = unanswered[correlation_id];
      if (over_ || !session.Send(correlation_id, NextBatch(random, &keys))) {
        break;
      }
      while (unanswered.size() >= kWindow) {
        const auto results = session.TakeResults(kPatience);
        if (results.empty()) break;
        Note(results, &unanswered);
      }
      if (unanswered.size() >= kWindow) break;
    }
    // Answers that came before the end count too.
    session.HalfClose();
    session.ExpectEnd();
    Note(session.TakeResults(absl::ZeroDuration()), &unanswered);
  }

  void Note(const std::vector<v1::PublishResult>& results,
            std::map<uint64_t, std::vector<uint64_t>>* unanswered) {
    for (const v1::PublishResult& result : results) {
      if (!result.has_published()) continue;
      Note(unanswered->at(result.correlation_id()), result.published());
      unanswered->erase(result.correlation_id());
    }
  }

  // Finishes most, requeues some and sits on others, until the node dies or
  // `done` says so.
  void Consume(uint32_t own_seed, const std::function<bool()>& done) {
    std::mt19937 random(own_seed);
    NodeClient client(node_.grpc_address());
    v1::Open open = OpenOf(kTopic, kChannel, 1 + random() % 200);
    open.set_confirm_commands(true);
    SubscriberSession session(client, open);
    std::map<uint64_t, uint64_t> finishing;  // delivery id to message id
    std::vector<uint64_t> held;
    while (!session.ended() && !done()) {
      const auto delivery = session.NextDelivery(absl::Milliseconds(20));
      if (delivery.has_value()) {
        history_.Delivered(delivery->message_id(), delivery->body(),
                           absl::Now());
        const uint64_t id = delivery->delivery_id();
        if (random() % 10 == 0) {
          session.Requeue({id});
        } else if (random() % 10 == 0 && held.size() < 5) {
          held.push_back(id);
        } else {
          finishing[id] = delivery->message_id();
          session.Finish({id});
        }
      } else if (!held.empty()) {
        session.Requeue(held);
        held.clear();
      }
      Note(session, finishing);
    }
    Note(session, finishing);
  }

  void Note(SubscriberSession& session,
            const std::map<uint64_t, uint64_t>& finishing) {
    for (const v1::CommandResult& result : session.TakeResults()) {
      EXPECT_EQ(result.outcome(), v1::COMMAND_OUTCOME_OK);
      const auto found = finishing.find(result.delivery_id());
      if (found != finishing.end()) {
        history_.Finished(found->second, absl::Now());
      }
    }
  }

  // Publishers and consumers at work for a while, then the end.
  void WorkUntilKilled(std::mt19937& random) {
    over_ = false;
    std::vector<std::thread> threads;
    threads.emplace_back(&CrashTest::PublishUnary, this, random());
    threads.emplace_back(&CrashTest::PublishStream, this, random());
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back(&CrashTest::Consume, this, random(),
                           [] { return false; });
    }
    absl::SleepFor(absl::Milliseconds(50 + random() % 1450));
    node_.Kill(SIGKILL);
    history_.Killed(absl::Now());
    over_ = true;
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(node_.Wait(), 128 + SIGKILL) << node_.standard_error();
  }

  NodeProcess node_;
  History history_;
  std::atomic<bool> over_{false};
  std::atomic<uint64_t> next_key_{1};
};

TEST_F(CrashTest, LosesNothingItAcknowledged) {
  if (seed == 0) seed = std::random_device()() | 1;
  std::cout << "--seed=" << seed << " --kills=" << kills << std::endl;
  std::mt19937 random(seed);
  ASSERT_NO_FATAL_FAILURE(Start());
  for (int i = 0; i < kills && !HasFailure(); ++i) {
    WorkUntilKilled(random);
    ASSERT_NO_FATAL_FAILURE(Start());
  }
  // Whatever is left comes out now.
  NodeClient client(node_.grpc_address());
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  Consume(random(), [&] {
    const v1::ChannelStats stats = client.ChannelStatsOf(kTopic, kChannel);
    return (stats.depth() == 0 && stats.in_flight_count() == 0 &&
            stats.deferred_count() == 0) ||
           absl::Now() > deadline;
  });
  EXPECT_EQ(client.ChannelStatsOf(kTopic, kChannel).depth(), 0);
  EXPECT_EQ(client.TopicStatsOf(kTopic).depth(), 0);
  std::cout << history_.Summary() << std::endl;
  const std::vector<std::string> violations = history_.Violations();
  EXPECT_TRUE(violations.empty()) << absl::StrJoin(violations, "\n");
}

}  // namespace

bool ReadFlag(absl::string_view argument) {
  if (absl::ConsumePrefix(&argument, "--seed=")) {
    return absl::SimpleAtoi(argument, &seed);
  }
  return absl::ConsumePrefix(&argument, "--kills=") &&
         absl::SimpleAtoi(argument, &kills);
}

}  // namespace sluice

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (!sluice::ReadFlag(argv[i])) {
      std::cerr << "not understood: " << argv[i] << std::endl;
      return 2;
    }
  }
  return RUN_ALL_TESTS();
}
