// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// A unary publish while the store does not answer: within the memory limit it
// is answered or waits, past it it is refused after a second.
#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "server/queue/fake_store.h"
#include "server/rpc/rpc_fixture.h"

namespace sluice {
namespace {

constexpr size_t kBodyBytes = 100 << 10;
constexpr size_t kPublishers = 30;

class PublishCallTest : public RpcFixture {
 protected:
  void SetUp() override {
    BrokerOptions options;
    options.write_rules = {Durability::kMemory, 1000};
    // A MiB of memory queues; a quarter of that may wait for the store.
    options.memory_limit_bytes = 1 << 20;
    auto broker = Broker::Open(options, slow_store_, Clock::Real());
    ASSERT_TRUE(broker.ok()) << broker.status();
    broker_ = *std::move(broker);
    StartServer();
    PublishMessages("orders", 1);
    slow_store_.HoldAppends();
  }
  void TearDown() override {
    LetGo();
    RpcFixture::TearDown();
    broker_.reset();  // before its store
  }

  void StartPublishers() {
    for (size_t i = 0; i < kPublishers; ++i) {
      publishers_.emplace_back([this] {
        v1::PublishRequest request = Batch("orders", 1);
        request.mutable_messages(0)->set_body(std::string(kBodyBytes, 'x'));
        v1::PublishResponse response;
        const absl::Time start = absl::Now();
        const grpc::Status status = Publish(request, &response);
        absl::MutexLock lock(&mu_);
        if (status.ok()) return levels_.push_back(response.durability());
        EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
        EXPECT_EQ(Reason(status), "MEMORY_LIMIT");
        waits_.push_back(absl::Now() - start);
      });
    }
  }
  void LetGo() {
    slow_store_.ReleaseAppends();
    for (std::thread& thread : publishers_) thread.join();
    publishers_.clear();
  }
  size_t refused() {
    absl::MutexLock lock(&mu_);
    return waits_.size();
  }
  size_t Published(v1::Durability level) {
    absl::MutexLock lock(&mu_);
    return std::count(levels_.begin(), levels_.end(), level);
  }

  FakeStore slow_store_;
  std::vector<std::thread> publishers_;

  absl::Mutex mu_;
  std::vector<v1::Durability> levels_ ABSL_GUARDED_BY(mu_);  // answered OK
  std::vector<absl::Duration> waits_ ABSL_GUARDED_BY(mu_);   // refused
};

TEST_F(PublishCallTest, PastTheMemoryLimitWaitsASecondAndIsRefused) {
  StartPublishers();
  // Three of them wait for the store, one or two more when they come at once.
  ASSERT_TRUE(Eventually([this] { return refused() >= kPublishers / 2; }))
      << refused() << " refused, " << Published(v1::DURABILITY_MEMORY)
      << " in memory";
  EXPECT_EQ(Published(v1::DURABILITY_OS), 0u) << "those wait for the store";
  LetGo();
  EXPECT_GT(Published(v1::DURABILITY_MEMORY) + Published(v1::DURABILITY_OS),
            0u);
  PublishMessages("orders", 1);  // it goes on
  absl::MutexLock lock(&mu_);
  EXPECT_GE(*std::min_element(waits_.begin(), waits_.end()),
            absl::Milliseconds(900));
  const auto stats = broker_->GetStats("orders", "", false);
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->at(0).message_count, levels_.size() + 2)
      << "what was refused is not there";
}

}  // namespace
}  // namespace sluice
