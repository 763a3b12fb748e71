// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_UNARY_CALL_H_
#define SLUICE_CLI_UNARY_CALL_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/connection.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace sluice {

// Calls a method of the service that `Stub` belongs to, and waits for the
// answer, within the connection's deadline. Thread-safe.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> CallUnary(
    const Connection& connection,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    const Request& request) {
  Stub stub(connection.channel());
  grpc::ClientContext context;
  connection.SetDeadline(&context);
  Response response;
  const absl::Status status =
      connection.ToStatus((stub.*method)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

}  // namespace sluice

#endif  // SLUICE_CLI_UNARY_CALL_H_
