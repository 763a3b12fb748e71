// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_PRODUCER_CORE_H_
#define SLUICE_CLIENT_PRODUCER_CORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/client_runtime.h"
#include "client/flight_budget.h"
#include "client/known_nodes.h"
#include "client/message_batcher.h"
#include "client/node_follower.h"
#include "client/parcel.h"
#include "client/producer_options.h"
#include "client/producer_stats.h"
#include "client/publication.h"
#include "client/publish_dispatcher.h"

namespace sluice {

// What stands behind a Producer. Publishers put messages into the batcher under
// a lock; the loop takes parcels out of it and gives them to the dispatcher,
// which is its own. Held by the Producer and by what it has posted.
class ProducerCore final : public std::enable_shared_from_this<ProducerCore>,
                           private PublishDispatcher::Owner {
 public:
  ProducerCore(ClientRuntime* runtime, ProducerOptions options);

  void Start();

  void Publish(absl::string_view topic, OutgoingMessage message,
               Parcel::MessageCallback callback) ABSL_LOCKS_EXCLUDED(mu_);
  void PublishBatch(OutgoingBatch batch, Parcel::BatchCallback callback)
      ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status Flush(absl::Duration timeout) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status Close(absl::Duration timeout) ABSL_LOCKS_EXCLUDED(mu_);
  ProducerStats stats() const ABSL_LOCKS_EXCLUDED(mu_);

  // Lets go of the loop, and waits for it. Last.
  void Shutdown() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void OnDecided(const Parcel& parcel,
                 const absl::StatusOr<PublishedBatch>& published) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void OnGone(std::unique_ptr<Parcel> parcel) override ABSL_LOCKS_EXCLUDED(mu_);
  void OnRefused(std::unique_ptr<Parcel> parcel,
                 const absl::Status& status) override ABSL_LOCKS_EXCLUDED(mu_);
  void OnStuck() override;
  void OnNodes(size_t lookup, const std::vector<std::string>& addresses);

  // Waits for room, or says why there is none.
  absl::Status Admit(size_t messages, size_t bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Release(uint64_t generation, size_t messages, size_t bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool Answered(uint64_t generation) const ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return outstanding_.empty() || outstanding_.begin()->first > generation;
  }
  void RequestPump() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Pump() ABSL_LOCKS_EXCLUDED(mu_);
  // Runs `task` on the loop and waits for it.
  void RunOnLoop(const std::function<void()>& task);

  ClientRuntime& runtime_;
  const ProducerOptions options_;
  const bool fixed_nodes_;
  const uint64_t seed_;  // of the order of nodes

  // Of the loop.
  KnownNodes nodes_;
  RequestIds part_ids_;
  std::unique_ptr<PublishDispatcher> dispatcher_;
  std::unique_ptr<NodeFollower> follower_;
  EventLoop::TimerId linger_timer_ = 0;

  mutable absl::Mutex mu_;
  MessageBatcher batcher_ ABSL_GUARDED_BY(mu_);
  FlightBudget budget_ ABSL_GUARDED_BY(mu_);
  // Messages not answered, by generation.
  std::map<uint64_t, size_t> outstanding_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  bool pump_requested_ ABSL_GUARDED_BY(mu_) = false;
  ProducerStats stats_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_PRODUCER_CORE_H_
