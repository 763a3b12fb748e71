// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/latency_run.h"

#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace sluice {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr absl::Duration kPatience = absl::Seconds(10);

int64_t Nanoseconds(SteadyClock::time_point time) {
  return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

// A body begins with the time at which it was to be sent.
void WriteTime(int64_t time, std::string* body) {
  std::memcpy(body->data(), &time, sizeof(time));
}

int64_t ReadTime(absl::string_view body) {
  int64_t time = 0;
  if (body.size() >= sizeof(time)) {
    std::memcpy(&time, body.data(), sizeof(time));
  }
  return time;
}

std::string RandomBody(size_t bytes) {
  std::mt19937_64 random(bytes);
  std::string body(std::max(bytes, sizeof(int64_t)), '\0');
  for (char& c : body) c = static_cast<char>(random());
  return body;
}

class LatencyRun {
 public:
  LatencyRun(const LatencyOptions& options, MessagePath* path)
      : path_(path),
        body_(RandomBody(options.message_bytes)),
        interval_(
            std::chrono::nanoseconds(static_cast<int64_t>(1e9 / options.rate))),
        warm_up_count_(Count(options.warm_up, options.rate)),
        count_(Count(options.duration, options.rate)) {}

  absl::StatusOr<LatencyReport> Run() {
    // When the first counted message is to be sent.
    const auto start =
        SteadyClock::now() +
        interval_ * static_cast<SteadyClock::rep>(warm_up_count_ + 1);
    counted_from_ = Nanoseconds(start);
    std::thread answers([this] { Repeat([this] { return Answer(); }); });
    std::thread receiver([this] { Repeat([this] { return Receive(); }); });
    std::thread sender([this, start] { Send(start); });
    sender.join();
    AwaitMessages();
    path_->Close();
    answers.join();
    receiver.join();

    absl::MutexLock lock(&mutex_);
    if (!error_.ok()) return error_;
    return report_;
  }

 private:
  static uint64_t Count(absl::Duration duration, double rate) {
    return static_cast<uint64_t>(absl::ToDoubleSeconds(duration) * rate);
  }

  void Send(SteadyClock::time_point start) {
    // Timers are otherwise up to 50 microseconds late, to save power.
    prctl(PR_SET_TIMERSLACK, 1);
    Histogram lateness;
    const auto first = -static_cast<int64_t>(warm_up_count_);
    for (int64_t i = first; i < static_cast<int64_t>(count_); ++i) {
      const auto due = start + i * interval_;
      std::this_thread::sleep_until(due);
      if (i >= 0) {
        lateness.Add(static_cast<uint64_t>(Nanoseconds(SteadyClock::now()) -
                                           Nanoseconds(due)));
      }
      WriteTime(Nanoseconds(due), &body_);
      const absl::Status status = path_->Publish(body_);
      if (!status.ok()) return Fail(status);
      if (failed()) return;
    }
    absl::MutexLock lock(&mutex_);
    report_.sent = count_;
    report_.lateness = lateness;
  }

  absl::Status Answer() { return path_->AwaitAnswers(); }

  absl::Status Receive() {
    latencies_.clear();
    const absl::Status status = path_->Receive([this](absl::string_view body) {
      const int64_t due = ReadTime(body);
      if (due < counted_from_) return;
      const int64_t now = Nanoseconds(SteadyClock::now());
      latencies_.push_back(
          static_cast<uint64_t>(std::max<int64_t>(0, now - due)));
    });
    absl::MutexLock lock(&mutex_);
    for (const uint64_t latency : latencies_) report_.latency.Add(latency);
    report_.received = report_.latency.count();
    return status;
  }

  // Until the path is closed, or fails.
  template <typename Step>
  void Repeat(Step step) {
    absl::Status status;
    while (status.ok()) status = step();
    Fail(status);
  }

  void AwaitMessages() {
    absl::MutexLock lock(&mutex_);
    const auto done = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !error_.ok() || report_.received >= report_.sent;
    };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&done), kPatience)) {
      error_ = absl::DeadlineExceededError(absl::StrCat(
          "of ", report_.sent, " messages came only ", report_.received));
    }
    // What the closing does to those that wait is no error.
    closing_ = true;
  }

  void Fail(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    if (!closing_) error_.Update(status);
  }

  bool failed() {
    absl::MutexLock lock(&mutex_);
    return !error_.ok();
  }

  MessagePath* const path_;
  std::string body_;  // the sender's
  const std::chrono::nanoseconds interval_;
  const uint64_t warm_up_count_;
  const uint64_t count_;
  int64_t counted_from_ = 0;         // set before the threads start
  std::vector<uint64_t> latencies_;  // the receiver's, of one Receive

  absl::Mutex mutex_;
  LatencyReport report_ ABSL_GUARDED_BY(mutex_);
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

absl::StatusOr<LatencyReport> RunLatency(const LatencyOptions& options,
                                         MessagePath* path) {
  return LatencyRun(options, path).Run();
}

}  // namespace sluice
