// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/call_error.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "client/grpc_status.h"

namespace sluice {

absl::Status CallError(const grpc::Status& status, const std::string& address) {
  if (status.ok()) {
    return absl::UnavailableError(
        absl::StrCat(address, " has ended the stream"));
  }
  const absl::Status error = FromGrpcStatus(status);
  if (!ErrorReason(error).empty()) return error;
  switch (error.code()) {
    case absl::StatusCode::kUnavailable:
      return absl::UnavailableError(
          absl::StrCat("no connection to ", address, ": ", error.message()));
    case absl::StatusCode::kDeadlineExceeded:
      return absl::DeadlineExceededError(
          absl::StrCat("no answer from ", address, " in time"));
    case absl::StatusCode::kUnimplemented:
      return absl::UnimplementedError(
          absl::StrCat(address, " does not offer this: ", error.message()));
    case absl::StatusCode::kCancelled:
      // Ours: the node went silent.
      return absl::UnavailableError(
          absl::StrCat(address, " did not answer in time"));
    default:
      return absl::Status(error.code(),
                          absl::StrCat(address, ": ", error.message()));
  }
}

}  // namespace sluice
