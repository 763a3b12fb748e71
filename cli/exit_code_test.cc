// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

int CodeOf(absl::StatusCode code) {
  return static_cast<int>(ExitCodeFor(absl::Status(code, "x")));
}

TEST(ExitCode, KeepsTheNumbersThatScriptsRelyOn) {
  EXPECT_EQ(CodeOf(absl::StatusCode::kOk), 0);
  EXPECT_EQ(CodeOf(absl::StatusCode::kInvalidArgument), 2);
  EXPECT_EQ(CodeOf(absl::StatusCode::kNotFound), 3);
  EXPECT_EQ(CodeOf(absl::StatusCode::kUnavailable), 4);
  EXPECT_EQ(CodeOf(absl::StatusCode::kDeadlineExceeded), 4);
  EXPECT_EQ(CodeOf(absl::StatusCode::kUnauthenticated), 5);
  EXPECT_EQ(CodeOf(absl::StatusCode::kPermissionDenied), 5);
  EXPECT_EQ(static_cast<int>(ExitCode::kInterrupted), 130);
}

TEST(ExitCode, CallsEverythingElseAFailure) {
  EXPECT_EQ(CodeOf(absl::StatusCode::kAlreadyExists), 1);
  EXPECT_EQ(CodeOf(absl::StatusCode::kResourceExhausted), 1);
  EXPECT_EQ(CodeOf(absl::StatusCode::kUnimplemented), 1);
  EXPECT_EQ(CodeOf(absl::StatusCode::kInternal), 1);
  EXPECT_EQ(CodeOf(absl::StatusCode::kDataLoss), 1);
  EXPECT_EQ(CodeOf(absl::StatusCode::kCancelled), 1);
}

}  // namespace
}  // namespace sluice
