// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/watch_stats_stream.h"

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(WatchInterval, IsASecondByDefault) {
  v1::WatchStatsRequest request;
  EXPECT_EQ(*WatchInterval(request), absl::Seconds(1));
}

TEST(WatchInterval, IsAtLeastATenthOfASecond) {
  v1::WatchStatsRequest request;
  request.mutable_interval()->set_nanos(1);
  EXPECT_EQ(*WatchInterval(request), absl::Milliseconds(100));
  request.mutable_interval()->set_seconds(60);
  EXPECT_EQ(*WatchInterval(request), absl::Seconds(60) + absl::Nanoseconds(1));
}

TEST(WatchInterval, MustBeAboveNothing) {
  v1::WatchStatsRequest request;
  request.mutable_interval();
  EXPECT_EQ(ErrorReason(WatchInterval(request).status()), "INVALID_DURATION");
  request.mutable_interval()->set_seconds(-1);
  EXPECT_EQ(ErrorReason(WatchInterval(request).status()), "INVALID_DURATION");
}

}  // namespace
}  // namespace sluice
