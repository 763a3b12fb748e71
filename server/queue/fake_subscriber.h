// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_FAKE_SUBSCRIBER_H_
#define SLUICE_SERVER_QUEUE_FAKE_SUBSCRIBER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/queue/subscription.h"

namespace sluice {

// A subscriber for tests that remembers what it was told. Thread-safe.
class FakeSubscriber : public Subscriber {
 public:
  void OnMessagesReady() override {
    absl::MutexLock lock(&mu_);
    ++ready_calls_;
  }
  void OnChannelClosed(const absl::Status& reason) override {
    absl::MutexLock lock(&mu_);
    closed_ = reason;
  }

  int ready_calls() const {
    absl::MutexLock lock(&mu_);
    return ready_calls_;
  }
  // OK until the channel was closed.
  absl::Status closed() const {
    absl::MutexLock lock(&mu_);
    return closed_;
  }
  // False when nothing came within a generous time.
  bool WaitForReadyCalls(int count) const {
    absl::MutexLock lock(&mu_);
    const auto enough = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      return ready_calls_ >= count;
    };
    return mu_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(10));
  }

 private:
  mutable absl::Mutex mu_;
  int ready_calls_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Status closed_ ABSL_GUARDED_BY(mu_);
};

// A message as a test wants to see it.
struct TakenMessage {
  DeliveryId id;
  Sequence sequence;
  uint32_t attempts;
  std::string body;
};

// Everything one Take returns, message by message.
inline std::vector<TakenMessage> TakeAll(Subscription& subscription,
                                         const TakeLimit& limit = {}) {
  std::vector<DeliveryRun> runs;
  subscription.Take(limit, &runs);
  std::vector<TakenMessage> messages;
  for (const DeliveryRun& run : runs) {
    for (uint32_t i = 0; i < run.count; ++i) {
      const uint32_t index = run.first_index + i;
      messages.push_back({run.first_delivery_id + i,
                          run.block->first_sequence() + index, run.attempts,
                          std::string(run.block->body(index))});
    }
  }
  return messages;
}

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_FAKE_SUBSCRIBER_H_
