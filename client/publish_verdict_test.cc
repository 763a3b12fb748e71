// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/publish_verdict.h"

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

PublishVerdict Judge(absl::StatusCode code, const char* reason) {
  return JudgePublish(MakeError(code, reason, "x"));
}

TEST(PublishVerdict, WhatIsWrongWithTheMessageIsRefusedEverywhere) {
  EXPECT_EQ(Judge(absl::StatusCode::kInvalidArgument, "MESSAGE_TOO_LARGE"),
            PublishVerdict::kRefused);
  EXPECT_EQ(Judge(absl::StatusCode::kNotFound, "TOPIC_NOT_FOUND"),
            PublishVerdict::kRefused);
  EXPECT_EQ(Judge(absl::StatusCode::kUnauthenticated, ""),
            PublishVerdict::kRefused);
}

TEST(PublishVerdict, ANodeThatDrainsOrIsFullHasStoredNothing) {
  EXPECT_EQ(Judge(absl::StatusCode::kUnavailable, "DRAINING"),
            PublishVerdict::kDraining);
  EXPECT_EQ(Judge(absl::StatusCode::kResourceExhausted, "DISK_FLOOR"),
            PublishVerdict::kBusy);
}

TEST(PublishVerdict, WhatBrokeOffMayBeStored) {
  EXPECT_EQ(Judge(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE"),
            PublishVerdict::kUnsure);
  EXPECT_EQ(Judge(absl::StatusCode::kUnavailable, ""), PublishVerdict::kUnsure);
  EXPECT_EQ(Judge(absl::StatusCode::kInternal, ""), PublishVerdict::kUnsure);
}

}  // namespace
}  // namespace sluice
