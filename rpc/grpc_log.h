// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_GRPC_LOG_H_
#define SLUICE_RPC_GRPC_LOG_H_

#include "absl/status/status.h"

namespace sluice {

// Sends what gRPC logs to the program's own log, at the same level. Once,
// before anything else uses gRPC.
void RouteGrpcLog();

// UNAVAILABLE once gRPC has given up a port: where no file descriptor is left
// for a connection, gRPC 1.51 logs that and never accepts another one, though
// the port stays open. Only a new process helps. Knows it from the log, so
// after RouteGrpcLog(). Any thread.
absl::Status ListenerHealth();

}  // namespace sluice

#endif  // SLUICE_RPC_GRPC_LOG_H_
