// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/number_text.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(NumberText, GroupsDigitsForPeopleOnly) {
  EXPECT_EQ(CountText(0, NumberStyle::kHuman), "0");
  EXPECT_EQ(CountText(999, NumberStyle::kHuman), "999");
  EXPECT_EQ(CountText(3210, NumberStyle::kHuman), "3 210");
  EXPECT_EQ(CountText(15285, NumberStyle::kHuman), "15 285");
  EXPECT_EQ(CountText(100000, NumberStyle::kHuman), "100 000");
  EXPECT_EQ(CountText(1234567890, NumberStyle::kHuman), "1 234 567 890");
  EXPECT_EQ(CountText(15285, NumberStyle::kPlain), "15285");
}

TEST(NumberText, ChoosesTheUnitOfBytes) {
  EXPECT_EQ(BytesText(1023, NumberStyle::kHuman), "1023 B");
  EXPECT_EQ(BytesText(1536, NumberStyle::kHuman), "1.5 KiB");
  EXPECT_EQ(BytesText((1 << 20) - 1, NumberStyle::kHuman), "1.0 MiB");
  EXPECT_EQ(BytesText(UINT64_MAX, NumberStyle::kHuman), "16.0 EiB");
  EXPECT_EQ(BytesText(1536, NumberStyle::kPlain), "1536");
}

TEST(NumberText, ShowsTheTwoLargestUnitsOfATime) {
  EXPECT_EQ(DurationText(absl::Milliseconds(1540), NumberStyle::kHuman),
            "1.5s");
  EXPECT_EQ(DurationText(absl::Milliseconds(59990), NumberStyle::kHuman),
            "1m00s");
  EXPECT_EQ(DurationText(absl::Seconds(192), NumberStyle::kHuman), "3m12s");
  EXPECT_EQ(DurationText(absl::Minutes(125), NumberStyle::kHuman), "2h05m");
  EXPECT_EQ(DurationText(absl::Hours(50), NumberStyle::kHuman), "2d02h");
  EXPECT_EQ(DurationText(absl::Seconds(192), NumberStyle::kPlain), "192.000");
}

TEST(NumberText, KeepsADecimalOfSmallRates) {
  EXPECT_EQ(RateText(0.25, NumberStyle::kHuman), "0.2");
  EXPECT_EQ(RateText(9.99, NumberStyle::kHuman), "10");
  EXPECT_EQ(RateText(15284.6, NumberStyle::kHuman), "15 285");
}

}  // namespace
}  // namespace sluice
