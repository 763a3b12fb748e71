// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Producer and Consumer in a cluster: three nodes and two lookups, as real
// processes that are killed, drained and started again under load. Nothing that
// was published may be missing, and nobody is told of an error.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cluster_connection.h"
#include "client/consumer.h"
#include "client/producer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/client_fixture.h"
#include "tests/conformance/client.h"
#include "tests/lookup_process.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

constexpr absl::Duration kFindsItsWayWithin = absl::Seconds(2);

// Publishes numbers, a few hundred a second, until it is stopped.
class Load {
 public:
  explicit Load(Producer* producer)
      : producer_(producer), thread_([this] { Run(); }) {}
  ~Load() {
    if (thread_.joinable()) Stop();
  }

  // Waits for the last answer.
  void Stop() {
    stop_ = true;
    thread_.join();
    EXPECT_TRUE(producer_->Flush(absl::Seconds(60)).ok());
  }
  int published() const { return published_; }
  // Returns once so many more have been answered.
  bool WaitForMore(int more) const {
    const int goal = published_ + more;
    return Eventually([&] { return published_ >= goal; });
  }
  std::set<std::string> answered() const {
    const absl::MutexLock lock(&mu_);
    return answered_;
  }
  std::vector<absl::Status> errors() const {
    const absl::MutexLock lock(&mu_);
    return errors_;
  }

 private:
  void Run() {
    for (int i = 0; !stop_; ++i) {
      OutgoingMessage message;
      message.body = absl::StrCat(i);
      producer_->Publish("t", message,
                         [this, body = message.body](
                             const absl::StatusOr<PublishedMessage>& result) {
                           const absl::MutexLock lock(&mu_);
                           if (result.ok()) {
                             answered_.insert(body);
                             ++published_;
                           } else {
                             errors_.push_back(result.status());
                           }
                         });
      absl::SleepFor(absl::Milliseconds(3));
    }
  }

  Producer* const producer_;
  std::atomic<bool> stop_{false};
  std::atomic<int> published_{0};
  mutable absl::Mutex mu_;
  std::set<std::string> answered_ ABSL_GUARDED_BY(mu_);
  std::vector<absl::Status> errors_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

class ClusterTest : public ClientTest {
 protected:
  void SetUp() override {
    ClientOptions client;
    std::vector<std::string> flags = {"--broadcast-address=127.0.0.1",
                                      "--drain-timeout=5s"};
    for (int i = 0; i < 2; ++i) {
      lookups_.push_back(std::make_unique<LookupProcess>());
      ASSERT_TRUE(lookups_[i]->Start().ok()) << lookups_[i]->standard_error();
      lookups_[i]->KeepPorts();
      client.lookup_addresses.push_back(lookups_[i]->grpc_address());
      flags.push_back(
          absl::StrCat("--lookup-address=", lookups_[i]->grpc_address()));
    }
    for (int i = 0; i < 3; ++i) {
      nodes_.push_back(std::make_unique<NodeProcess>(flags));
      ASSERT_TRUE(nodes_[i]->Start().ok()) << nodes_[i]->standard_error();
      std::vector<std::string> again = flags;
      again.push_back(
          absl::StrCat("--grpc-address=", nodes_[i]->grpc_address()));
      nodes_[i]->set_flags(again);
    }
    client.lookup_poll_interval = absl::Seconds(1);
    const auto connection = *ClusterConnection::Create(client);
    ProducerOptions producer;
    producer.node_choice = ProducerOptions::NodeChoice::kSpread;
    producer.same_node_patience = absl::Milliseconds(500);
    producer_ = *Producer::Create(connection, producer);
    ConsumerOptions consumer;
    consumer.topic = "t";
    consumer.channel = "c";
    consumer_ = *Consumer::Create(
        connection, consumer,
        [this](const Message& message) { return inbox_.Take(message); });
    load_ = std::make_unique<Load>(producer_.get());
    for (size_t i = 0; i < 3; ++i) ExpectConnected(i, kPatience);
  }

  void ExpectConnected(size_t i, absl::Duration within) {
    const absl::Time begin = absl::Now();
    EXPECT_TRUE(Eventually([&] {
      for (const ConsumerNodeStats& node : consumer_->stats().nodes) {
        if (node.address == Address(i)) return node.connected;
      }
      return false;
    })) << "node "
        << i;
    EXPECT_LT(absl::Now() - begin, within) << "node " << i;
  }

  // Everything that was answered arrives, and nothing had an error.
  void ExpectNothingLost() {
    load_->Stop();
    const std::vector<absl::Status> errors = load_->errors();
    EXPECT_TRUE(errors.empty()) << errors.size() << ", first " << errors[0];
    const std::set<std::string> answered = load_->answered();
    EXPECT_GT(answered.size(), 100u);
    EXPECT_TRUE(Eventually(
        [&] {
          const std::set<std::string> received = inbox_.distinct();
          return std::includes(received.begin(), received.end(),
                               answered.begin(), answered.end());
        },
        absl::Seconds(30)));
    EXPECT_TRUE(consumer_->Stop(absl::Seconds(10)).ok());
  }

  std::vector<std::unique_ptr<LookupProcess>> lookups_;
  Inbox inbox_;
  std::unique_ptr<Producer> producer_;
  std::unique_ptr<Consumer> consumer_;
  std::unique_ptr<Load> load_;
};

TEST_F(ClusterTest, NothingIsLostThoughEachNodeIsKilledInTurn) {
  for (const size_t i : {0, 1, 2}) {
    EXPECT_TRUE(load_->WaitForMore(100));
    KillNode(i);
    // The others take over.
    EXPECT_TRUE(load_->WaitForMore(100));
    RestartNode(i);
    ExpectConnected(i, kFindsItsWayWithin);
  }
  ExpectNothingLost();
}

TEST_F(ClusterTest, NobodyNoticesThatALookupIsAwayOrHasForgotten) {
  for (const auto& lookup : lookups_) {
    lookup->Kill(SIGKILL);
    lookup->Wait();
    EXPECT_TRUE(load_->WaitForMore(200));
    // It begins with nothing.
    ASSERT_TRUE(lookup->Start().ok()) << lookup->standard_error();
    EXPECT_TRUE(load_->WaitForMore(200));
  }
  for (const auto& lookup : lookups_) {
    lookup->Kill(SIGKILL);
    lookup->Wait();
  }
  EXPECT_TRUE(load_->WaitForMore(200));
  // Without any lookup a node that was known is found again.
  KillNode(0);
  RestartNode(0);
  ExpectConnected(0, kFindsItsWayWithin);
  ExpectNothingLost();
}

TEST_F(ClusterTest, ANodeThatIsStoppedAndComesBackIsNoError) {
  for (const size_t i : {0, 1, 2}) {
    EXPECT_TRUE(load_->WaitForMore(100));
    node(i).Kill(SIGTERM);
    EXPECT_EQ(node(i).Wait(absl::Seconds(20)), 0);
    EXPECT_TRUE(load_->WaitForMore(100));
    RestartNode(i);
    ExpectConnected(i, kFindsItsWayWithin);
  }
  ExpectNothingLost();
}

}  // namespace
}  // namespace sluice
