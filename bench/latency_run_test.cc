// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/latency_run.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"

namespace sluice {
namespace {

// Carries messages within this process; what is published while it is stalled
// blocks the publisher, as a full socket does.
class FakePath final : public MessagePath {
 public:
  absl::Status Open() override { return absl::OkStatus(); }

  absl::Status Publish(absl::string_view body) override {
    absl::MutexLock lock(&mutex_);
    ++published_;
    if (published_ == fail_at_) return absl::UnavailableError("broken");
    if (published_ == stall_at_) absl::SleepFor(stall_);
    queue_.emplace_back(body);
    return absl::OkStatus();
  }

  absl::Status AwaitAnswers() override {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&closed_));
    return absl::CancelledError("closed");
  }

  absl::Status Receive(
      absl::FunctionRef<void(absl::string_view)> take) override {
    std::deque<std::string> messages;
    {
      absl::MutexLock lock(&mutex_);
      const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return closed_ || !queue_.empty();
      };
      mutex_.Await(absl::Condition(&ready));
      if (queue_.empty()) return absl::CancelledError("closed");
      messages.swap(queue_);
    }
    for (const std::string& message : messages) take(message);
    return absl::OkStatus();
  }

  void Close() override {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }

  int fail_at_ = 0;
  int stall_at_ = 0;
  absl::Duration stall_;

 private:
  absl::Mutex mutex_;
  std::deque<std::string> queue_ ABSL_GUARDED_BY(mutex_);
  int published_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

LatencyOptions Short() {
  LatencyOptions options;
  options.rate = 1000;
  options.duration = absl::Milliseconds(100);
  options.warm_up = absl::Milliseconds(20);
  return options;
}

TEST(LatencyRun, CountsWhatWasSentAfterTheWarmUp) {
  FakePath path;
  const auto report = RunLatency(Short(), &path);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->sent, 100u);
  EXPECT_EQ(report->received, 100u);
  EXPECT_EQ(report->latency.count(), 100u);
  EXPECT_EQ(report->lateness.count(), 100u);
}

TEST(LatencyRun, ChargesAStallToEveryMessageThatWasDueMeanwhile) {
  FakePath path;
  path.stall_at_ = 30;  // the tenth that counts
  path.stall_ = absl::Milliseconds(60);
  const auto report = RunLatency(Short(), &path);
  ASSERT_TRUE(report.ok()) << report.status();
  // One a millisecond: the one that stalled waited for 60 ms, the next for 59.
  // Measured from the sending, only one of a hundred would have been late.
  EXPECT_GE(report->latency.max(), 60'000'000u);
  EXPECT_GE(report->latency.ValueAt(0.75), 30'000'000u);
}

TEST(LatencyRun, ReturnsTheErrorOfThePath) {
  FakePath path;
  path.fail_at_ = 50;
  EXPECT_EQ(RunLatency(Short(), &path).status().message(), "broken");
}

}  // namespace
}  // namespace sluice
