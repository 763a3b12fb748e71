// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_STATUS_CONVERSION_H_
#define SLUICE_RPC_STATUS_CONVERSION_H_

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace sluice {

// Errors on their way to the wire, as proto/sluice/v1/types.proto describes
// them: ErrorInfo always, then what suits the code. Texts are cut so that the
// details stay below 1 KiB: they travel in HTTP/2 trailers, which peers limit.
//
// `status` may be anything; without a reason (see base/error.h) the name of its
// code stands in for one.
void ToWire(const absl::Status& status, google::rpc::Status* wire);

// The only place that makes a grpc::Status of an error.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace sluice

#endif  // SLUICE_RPC_STATUS_CONVERSION_H_
