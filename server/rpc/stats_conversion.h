// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_STATS_CONVERSION_H_
#define SLUICE_SERVER_RPC_STATS_CONVERSION_H_

#include "absl/status/status.h"
#include "server/queue/stats.h"
#include "server/rpc/rpc_context.h"
#include "sluice/v1/admin.pb.h"

namespace sluice {

// Counts and the node's condition, domain -> wire.

void ToWire(const TopicStats& stats, v1::TopicStats* wire);
void ToWire(const ChannelStats& stats, v1::ChannelStats* wire);
void ToWire(const SubscriberStats& stats, v1::ClientStats* wire);

// `health` is OK, or why the node is unhealthy.
void ToWire(const NodeIdentity& identity, const absl::Status& health,
            bool draining, v1::ServerInfo* wire);

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_STATS_CONVERSION_H_
