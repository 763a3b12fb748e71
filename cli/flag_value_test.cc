// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/flag_value.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(FlagValue, TakesDurationsWithUnits) {
  EXPECT_EQ(ParseDuration("250ms").value(), absl::Milliseconds(250));
  EXPECT_EQ(ParseDuration("60s").value(), absl::Seconds(60));
  EXPECT_EQ(ParseDuration("15m").value(), absl::Minutes(15));
  EXPECT_EQ(ParseDuration("1h30m").value(), absl::Minutes(90));
  EXPECT_EQ(ParseDuration("365d").value(), absl::Hours(24 * 365));
  EXPECT_EQ(ParseDuration("1d12h").value(), absl::Hours(36));
  EXPECT_EQ(ParseDuration("0").value(), absl::ZeroDuration());
}

TEST(FlagValue, RefusesDurationsWithoutSense) {
  for (const char* text : {"", "5", "-1s", "abc", "d", "xd", "inf", "1dd"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
  EXPECT_FALSE(ParsePositiveDuration("0s").ok());
}

TEST(FlagValue, TakesOnlyDigitsAsWholeNumbers) {
  EXPECT_EQ(ParseUint32("4294967295").value(), 4294967295u);
  EXPECT_EQ(ParseUint64("18446744073709551615").value(), UINT64_MAX);
  for (const char* text : {"", "-1", "+1", " 1", "1.5", "0x10", "1e3"}) {
    EXPECT_FALSE(ParseUint64(text).ok()) << text;
  }
  EXPECT_FALSE(ParseUint32("4294967296").ok());
  EXPECT_FALSE(ParsePositiveUint32("0").ok());
}

TEST(FlagValue, TakesSizesInBytesOrBinaryUnits) {
  EXPECT_EQ(ParseSize("1048576").value(), 1048576u);
  EXPECT_EQ(ParseSize("64KiB").value(), 65536u);
  EXPECT_EQ(ParseSize("5MiB").value(), 5u << 20);
  EXPECT_EQ(ParseSize("2GiB").value(), uint64_t{2} << 30);
  for (const char* text : {"", "KiB", "1KB", "-1", "99999999999999GiB"}) {
    EXPECT_FALSE(ParseSize(text).ok()) << text;
  }
}

TEST(FlagValue, TakesRatesAboveZero) {
  EXPECT_DOUBLE_EQ(ParseRate("0.5").value(), 0.5);
  EXPECT_DOUBLE_EQ(ParseRate("1000").value(), 1000);
  for (const char* text : {"", "0", "-1", "nan", "inf", "fast"}) {
    EXPECT_FALSE(ParseRate(text).ok()) << text;
  }
}

TEST(FlagValue, SplitsAttributesAtTheFirstEqualsSign) {
  const auto attribute = ParseAttribute("key=a=b").value();
  EXPECT_EQ(attribute.first, "key");
  EXPECT_EQ(attribute.second, "a=b");
  EXPECT_EQ(ParseAttribute("key=").value().second, "");
  EXPECT_FALSE(ParseAttribute("=value").ok());
  EXPECT_FALSE(ParseAttribute("key").ok());
}

TEST(FlagValue, UnderstandsEscapesInDelimiters) {
  EXPECT_EQ(ParseDelimiter("\\n").value(), "\n");
  EXPECT_EQ(ParseDelimiter("\\x1e").value(), "\x1e");
  EXPECT_EQ(ParseDelimiter("\\0").value(), std::string(1, '\0'));
  EXPECT_EQ(ParseDelimiter("--").value(), "--");
  EXPECT_EQ(ParseDelimiter("").value(), "");
  EXPECT_FALSE(ParseDelimiter("\\").ok());
}

TEST(FlagValue, KnowsItsWords) {
  EXPECT_EQ(ParseDurability("disk").value(), v1::DURABILITY_DISK);
  EXPECT_EQ(ParseStartPosition("latest").value(), v1::START_POSITION_LATEST);
  EXPECT_FALSE(ParseDurability("DISK").ok());
  EXPECT_FALSE(ParseStartPosition("").ok());
}

}  // namespace
}  // namespace sluice
