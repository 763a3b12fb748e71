// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/status_macros.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

absl::Status FirstError(const absl::Status& first, const absl::Status& second) {
  SLUICE_RETURN_IF_ERROR(first);
  SLUICE_RETURN_IF_ERROR(second);
  return absl::OkStatus();
}

absl::StatusOr<int> Unwrap(absl::StatusOr<std::unique_ptr<int>> number) {
  SLUICE_ASSIGN_OR_RETURN(const std::unique_ptr<int> value, std::move(number));
  return *value;
}

TEST(StatusMacros, ReturnTheFirstError) {
  EXPECT_EQ(FirstError(absl::OkStatus(), absl::OkStatus()), absl::OkStatus());
  EXPECT_EQ(FirstError(absl::AbortedError("1"), absl::InternalError("2")),
            absl::AbortedError("1"));
  EXPECT_EQ(FirstError(absl::OkStatus(), absl::InternalError("2")),
            absl::InternalError("2"));
}

TEST(StatusMacros, AssignTheValueEvenIfItCanOnlyMove) {
  EXPECT_EQ(*Unwrap(std::make_unique<int>(7)), 7);
  EXPECT_EQ(Unwrap(absl::AbortedError("no")).status(),
            absl::AbortedError("no"));
}

}  // namespace
}  // namespace sluice
