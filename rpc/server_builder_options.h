// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_SERVER_BUILDER_OPTIONS_H_
#define SLUICE_RPC_SERVER_BUILDER_OPTIONS_H_

#include <cstddef>

#include "absl/time/time.h"
#include "grpcpp/server_builder.h"

namespace sluice {

// What of gRPC's behaviour can be set from outside.
struct TransportOptions {
  size_t max_batch_bytes = 5 << 20;  // bodies of the largest legal publish
  absl::Duration heartbeat_interval = absl::Seconds(30);
  absl::Duration heartbeat_timeout = absl::Seconds(10);
};

// The largest frame that gRPC takes in: above the largest legal batch with its
// attributes, so that what is too large gets our own error with its reason.
int MaxReceiveBytes(size_t max_batch_bytes);

// Every gRPC option the server sets, in one place.
void ApplyTransportOptions(const TransportOptions& options,
                           grpc::ServerBuilder* builder);

}  // namespace sluice

#endif  // SLUICE_RPC_SERVER_BUILDER_OPTIONS_H_
