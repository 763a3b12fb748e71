// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_GRPC_LOG_H_
#define SLUICE_RPC_GRPC_LOG_H_

namespace sluice {

// Sends what gRPC logs to the program's own log, at the same level. Once,
// before anything else uses gRPC.
void RouteGrpcLog();

}  // namespace sluice

#endif  // SLUICE_RPC_GRPC_LOG_H_
