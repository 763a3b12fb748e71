// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/grpc_status.h"

#include "base/error.h"
#include "google/rpc/error_details.pb.h"

namespace sluice {

absl::Status FromRpcStatus(const google::rpc::Status& status) {
  const auto code = static_cast<absl::StatusCode>(status.code());
  if (code == absl::StatusCode::kOk) return absl::OkStatus();
  absl::Status result(code, status.message());
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  for (const google::protobuf::Any& detail : status.details()) {
    if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) {
      result = MakeError(code, info.reason(), status.message());
    } else if (detail.Is<google::rpc::BadRequest>()) {
      detail.UnpackTo(&bad_request);
    }
  }
  if (bad_request.field_violations_size() == 0) return result;
  return WithField(result, bad_request.field_violations(0).field());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  google::rpc::Status rpc_status;
  // Details that are not ours, or none, leave the code and the message.
  if (!rpc_status.ParseFromString(status.error_details()) ||
      rpc_status.code() != status.error_code()) {
    rpc_status.Clear();
  }
  rpc_status.set_code(status.error_code());
  rpc_status.set_message(status.error_message());
  return FromRpcStatus(rpc_status);
}

}  // namespace sluice
