// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_OPEN_CONVERSION_H_
#define SLUICE_SERVER_RPC_OPEN_CONVERSION_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/limits.h"
#include "server/queue/broker.h"
#include "server/queue/subscription.h"
#include "server/rpc/rpc_context.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {

// What an Open asks for, once it is known to be sound.
struct OpenRequest {
  StartPosition start = StartPosition::kUnspecified;
  SubscriberSpec spec;
  uint32_t ready = 0;
  bool confirm_commands = false;
};

// Checks an Open. The field of an error is a path within the SubscribeRequest.
absl::StatusOr<OpenRequest> CheckOpen(const v1::Open& open,
                                      absl::string_view peer,
                                      const Limits& limits);

// INVALID_READY about `field` when `count` is above the node's maximum.
absl::Status CheckReady(absl::string_view field, uint32_t count,
                        const Limits& limits);

// TOO_MANY_IDS about `field` when a command has `count` delivery ids and nobody
// can hold so many leases.
absl::Status CheckDeliveryIds(absl::string_view field, int count,
                              const Limits& limits);

// The terms of a subscription.
void ToWire(const NodeIdentity& identity, const Limits& limits,
            const Subscription& subscription, absl::Duration message_timeout,
            v1::Opened* wire);

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_OPEN_CONVERSION_H_
