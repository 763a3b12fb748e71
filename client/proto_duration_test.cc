// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/proto_duration.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(ProtoDuration, GoesThereAndBack) {
  for (const absl::Duration duration :
       {absl::ZeroDuration(), absl::Nanoseconds(1), absl::Milliseconds(2500),
        absl::Hours(24 * 365)}) {
    EXPECT_EQ(FromProto(ToProto(duration)), duration);
  }
}

TEST(ProtoDuration, SplitsSecondsAndNanoseconds) {
  EXPECT_EQ(ToProto(absl::Milliseconds(2500)).seconds(), 2);
  EXPECT_EQ(ToProto(absl::Milliseconds(2500)).nanos(), 500'000'000);
}

}  // namespace
}  // namespace sluice
