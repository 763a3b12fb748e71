// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_CLUSTER_SUBSCRIPTION_H_
#define SLUICE_CLI_CLUSTER_SUBSCRIPTION_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "cli/delivery_writer.h"
#include "cli/stop_signal.h"
#include "cli/subscription.h"
#include "client/cluster_connection.h"

namespace sluice {

// RunSubscription for all nodes that have the topic, as they come and go: a
// node that is away is told on standard error and tried again, and does not end
// it. Messages beyond the limit that were under way are given back without
// counting as an attempt. `options.open` may ask for a topic, a channel, a
// timeout and a start; auto_finish becomes finishing at once. JSON lines name
// the node that each message came from: ids are a node's own.
//
// Blocks until the end. Calls `on_progress` as RunSubscription does.
SubscriptionEnd RunClusterSubscription(
    const std::shared_ptr<ClusterConnection>& cluster,
    const SubscriptionOptions& options, DeliveryWriter* writer,
    StopSignal* stop, const std::function<void(uint64_t)>& on_progress);

}  // namespace sluice

#endif  // SLUICE_CLI_CLUSTER_SUBSCRIPTION_H_
