// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/call_error.h"

#include "base/error.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(CallError, KeepsTheNodesReason) {
  google::rpc::ErrorInfo info;
  info.set_reason("DRAINING");
  google::rpc::Status details;
  details.set_code(grpc::StatusCode::UNAVAILABLE);
  details.add_details()->PackFrom(info);
  const absl::Status error =
      CallError(grpc::Status(grpc::StatusCode::UNAVAILABLE, "going away",
                             details.SerializeAsString()),
                "a:1");
  EXPECT_EQ(error.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorReason(error), "DRAINING");
  EXPECT_EQ(error.message(), "going away");
}

TEST(CallError, NamesTheAddressWhereTheNodeSaidNothing) {
  for (const auto code :
       {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::DEADLINE_EXCEEDED,
        grpc::StatusCode::UNIMPLEMENTED, grpc::StatusCode::CANCELLED,
        grpc::StatusCode::INTERNAL}) {
    EXPECT_THAT(
        std::string(CallError(grpc::Status(code, "x"), "a:1").message()),
        HasSubstr("a:1"));
  }
}

TEST(CallError, AStreamThatEndsIsUnavailable) {
  EXPECT_EQ(CallError(grpc::Status::OK, "a:1").code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace sluice
