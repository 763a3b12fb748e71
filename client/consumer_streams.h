// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CONSUMER_STREAMS_H_
#define SLUICE_CLIENT_CONSUMER_STREAMS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "base/retry_delay.h"
#include "client/client_runtime.h"
#include "client/consumer_backoff.h"
#include "client/consumer_options.h"
#include "client/consumer_stats.h"
#include "client/handler_result.h"
#include "client/held_messages.h"
#include "client/known_nodes.h"
#include "client/node_follower.h"
#include "client/node_subscription.h"
#include "client/ready_distribution.h"
#include "client/seen_ids.h"
#include "client/work_queue.h"

namespace sluice {

// How the handling of a message ended.
struct Completion {
  uint64_t ticket = 0;
  HandlerResult result = HandlerResult::Finish();
  uint32_t attempts = 0;
  std::string dedup_id;  // or empty
  bool dropped = false;  // no worker began with it
};

// The network's side of a Consumer: its subscriptions, one for each node, and
// the leases they brought. Divides max_in_flight, backs off, renews leases,
// drops duplicates, and subscribes again.
//
// On the loop only. Destroy it there.
class ConsumerStreams final : private NodeSubscription::Owner {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void Deliver(std::vector<WorkItem> items) = 0;
    // What no worker has begun with.
    virtual std::vector<WorkItem> TakeBack() = 0;
    virtual void Report(const std::string& address,
                        const absl::Status& status) = 0;
    // After Close: no stream is left.
    virtual void OnClosed() = 0;
  };

  ConsumerStreams(ClientRuntime* runtime, const ConsumerOptions* options,
                  Owner* owner);
  ~ConsumerStreams() override;

  void Start();
  // Call Flush after the last of several.
  void Complete(const Completion& completion);
  void Touch(uint64_t ticket);
  void Flush();
  void SetMaxInFlight(uint32_t messages);

  // In good order: ends each stream once its messages are completed.
  void Close();
  // At once.
  void Cut();

  // All but `waiting`.
  ConsumerStats Stats() const;

 private:
  struct Node {
    explicit Node(RetryDelay reconnect_delay) : delay(reconnect_delay) {}
    std::unique_ptr<NodeSubscription> stream;
    bool opened = false;
    bool draining = false;
    absl::Duration message_timeout;
    absl::Duration max_message_timeout;
    std::shared_ptr<std::atomic<bool>> alive;  // while the stream is
    RetryDelay delay;
    EventLoop::TimerId timer = 0;
    uint64_t received = 0;
    absl::Status last_error;
  };
  void OnOpened(const std::string& address, const v1::Opened& opened) override;
  void OnDeliveries(const std::string& address,
                    v1::Deliveries* deliveries) override;
  void OnResults(const std::string& address,
                 const v1::CommandResults& results) override;
  void OnDraining(const std::string& address) override;
  void OnEnded(const std::string& address, const absl::Status& status) override;

  void OnNodes(size_t lookup, const std::vector<std::string>& addresses);
  void Connect(const std::string& address);
  void ConnectAfter(const std::string& address, absl::Duration delay);
  v1::Open OpenRequest() const;
  // False where the message is a duplicate and has been dealt with.
  bool Admit(Node* node, const v1::Delivery& delivery,
             const std::string& dedup_id);
  WorkItem Accept(const std::string& address, Node* node,
                  v1::Delivery* delivery);
  absl::Duration RequeueDelay(const Completion& completion) const;
  void GiveBackWaiting();
  void OnBackoffChanged();
  void Redistribute();
  void LoseLeases(const std::string& address, Node* node);
  void UpdateInFlight(const std::string& address);
  void Remember(const std::string& address, Node* node,
                const absl::Status& status);
  void TouchLeases(SteadyTime now);
  void OnTick();
  void CheckClosed();

  ClientRuntime* const runtime_;
  const ConsumerOptions& options_;
  Owner* const owner_;
  NodeFollower follower_;
  KnownNodes known_;
  ReadyDistribution distribution_;
  ConsumerBackoff backoff_;
  SeenIds seen_;
  uint32_t max_in_flight_;
  bool closing_ = false;
  EventLoop::TimerId tick_ = 0;
  EventLoop::TimerId backoff_timer_ = 0;
  std::map<std::string, std::unique_ptr<Node>> nodes_;
  HeldMessages held_;
  ConsumerStats counts_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_CONSUMER_STREAMS_H_
