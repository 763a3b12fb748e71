// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/grpc_status.h"

#include "base/error.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

google::rpc::Status Refusal() {
  google::rpc::Status status;
  status.set_code(static_cast<int>(absl::StatusCode::kInvalidArgument));
  status.set_message("too long");
  google::rpc::BadRequest bad_request;
  bad_request.add_field_violations()->set_field("messages[3].body");
  status.add_details()->PackFrom(bad_request);
  google::rpc::ErrorInfo info;
  info.set_reason("MESSAGE_TOO_LARGE");
  status.add_details()->PackFrom(info);
  return status;
}

TEST(GrpcStatus, KeepsCodeMessageReasonAndField) {
  const absl::Status status = FromRpcStatus(Refusal());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "too long");
  EXPECT_EQ(ErrorReason(status), "MESSAGE_TOO_LARGE");
  EXPECT_EQ(ErrorField(status), "messages[3].body");
}

TEST(GrpcStatus, ReadsTheDetailsOfACall) {
  const absl::Status status =
      FromGrpcStatus(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                                  "too long", Refusal().SerializeAsString()));
  EXPECT_EQ(ErrorReason(status), "MESSAGE_TOO_LARGE");
}

TEST(GrpcStatus, DoesWithoutDetails) {
  const absl::Status status = FromGrpcStatus(
      grpc::Status(grpc::StatusCode::UNAVAILABLE, "no", "not a proto"));
  EXPECT_EQ(status, absl::UnavailableError("no"));
}

TEST(GrpcStatus, OfSuccessIsOk) {
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
}

}  // namespace
}  // namespace sluice
