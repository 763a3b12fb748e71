// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/rotation_policy.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

constexpr SteadyTime kBegun = SteadyTime::FromNanos(5);

TEST(RotationPolicy, KeepsAFileWithoutLimits) {
  const RotationPolicy policy;
  EXPECT_FALSE(policy.IsDue(1 << 30, kBegun, kBegun + absl::Hours(999)));
  EXPECT_EQ(policy.LastMoment(kBegun), SteadyTime::InfiniteFuture());
}

TEST(RotationPolicy, EndsAFileThatIsLarge) {
  RotationPolicy policy;
  policy.max_bytes = 10;
  EXPECT_FALSE(policy.IsDue(9, kBegun, kBegun));
  EXPECT_TRUE(policy.IsDue(10, kBegun, kBegun));
}

TEST(RotationPolicy, EndsAFileThatIsOld) {
  RotationPolicy policy;
  policy.max_age = absl::Minutes(1);
  EXPECT_FALSE(policy.IsDue(0, kBegun, kBegun + absl::Seconds(59)));
  EXPECT_TRUE(policy.IsDue(0, kBegun, kBegun + absl::Minutes(1)));
  EXPECT_EQ(policy.LastMoment(kBegun), kBegun + absl::Minutes(1));
}

}  // namespace
}  // namespace sluice
