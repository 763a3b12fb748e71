// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(Error, CarriesCodeReasonAndSentence) {
  const absl::Status status =
      MakeError(absl::StatusCode::kUnavailable, "DRAINING", "going down");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorReason(status), "DRAINING");
  EXPECT_EQ(status.message(), "going down");
}

TEST(Error, OfAnyOtherStatusHasNoReasonFieldOrResource) {
  for (const absl::Status& status :
       {absl::OkStatus(), absl::InternalError("oops")}) {
    EXPECT_EQ(ErrorReason(status), "");
    EXPECT_EQ(ErrorField(status), "");
    EXPECT_EQ(ResourceOf(status).type, "");
    EXPECT_EQ(ResourceOf(status).name, "");
  }
}

TEST(Error, InvalidArgumentNamesItsField) {
  const absl::Status status =
      InvalidArgument("TOO_LARGE", "messages[3].body", "too large");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ErrorReason(status), "TOO_LARGE");
  EXPECT_EQ(ErrorField(status), "messages[3].body");
}

TEST(Error, NamesTheResourceThatIsMissing) {
  const absl::Status status = WithResource(
      MakeError(absl::StatusCode::kNotFound, "TOPIC_NOT_FOUND", "no such"),
      "topic", "orders");
  EXPECT_EQ(ErrorReason(status), "TOPIC_NOT_FOUND");
  EXPECT_EQ(ResourceOf(status).type, "topic");
  EXPECT_EQ(ResourceOf(status).name, "orders");
}

}  // namespace
}  // namespace sluice
