// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_RPC_CONTEXT_H_
#define SLUICE_SERVER_RPC_RPC_CONTEXT_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/limits.h"
#include "rpc/live_calls.h"
#include "server/queue/broker.h"

namespace sluice {

// Who this node says it is.
struct NodeIdentity {
  std::string node_id;
  std::string version;
  std::string broadcast_address;
  uint32_t grpc_port = 0;
  uint32_t http_port = 0;
  absl::Time start_time;
};

// Asks for the lasting channels that a topic, new here, has elsewhere. The
// callback is called once, soon, on any thread.
using FindChannels = std::function<void(
    const std::string& topic, std::function<void(Broker::Channels)> done)>;

// What calls need from the node. Owned by RpcServer, which outlives all calls.
struct RpcContext {
  RpcContext(Broker& node_broker, Clock& node_clock)
      : broker(node_broker), clock(node_clock) {}

  Broker& broker;
  Clock& clock;

  // Constant once the server takes calls.
  Limits limits;
  NodeIdentity identity;
  FindChannels find_channels;      // null: nobody to ask
  std::function<void()> on_drain;  // null, or called once; returns at once

  // Whether the channels of `topic` must be asked for before its first use.
  bool MustFindChannels(absl::string_view topic) const {
    return find_channels != nullptr && !draining.load() &&
           broker.WouldMake(topic);
  }

  // Refuses publishes and new subscriptions from now on, and tells the calls
  // under way. Any thread; returns at once; a second call does nothing.
  void BeginDrain() {
    if (draining.exchange(true)) return;
    live_calls.Drain();
    if (on_drain != nullptr) on_drain();
  }

  // Once true, publishes and new subscriptions are refused.
  std::atomic<bool> draining{false};
  LiveCalls live_calls;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_RPC_CONTEXT_H_
