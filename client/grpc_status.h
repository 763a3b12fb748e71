// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_GRPC_STATUS_H_
#define SLUICE_CLIENT_GRPC_STATUS_H_

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace sluice {

// A node's error as the rest of the program knows errors: with its reason and
// its field, as base/error.h keeps them.
absl::Status FromRpcStatus(const google::rpc::Status& status);
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace sluice

#endif  // SLUICE_CLIENT_GRPC_STATUS_H_
