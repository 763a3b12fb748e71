// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags/values.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(FlagValues, ReadsWholeNumbersWithoutSign) {
  EXPECT_EQ(ParseInteger("0"), 0u);
  EXPECT_EQ(ParseInteger("18446744073709551615"), UINT64_MAX);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "1.0", "0x10", "ten",
                          "18446744073709551616"}) {
    EXPECT_EQ(ParseInteger(bad), absl::nullopt) << bad;
  }
}

TEST(FlagValues, ReadsTheUsualSpellingsOfABool) {
  for (const char* yes : {"true", "1", "yes", "on", "TRUE"}) {
    EXPECT_EQ(ParseBool(yes), true) << yes;
  }
  for (const char* no : {"false", "0", "no", "off", "False"}) {
    EXPECT_EQ(ParseBool(no), false) << no;
  }
  for (const char* bad : {"", "2", "tru", "maybe"}) {
    EXPECT_EQ(ParseBool(bad), absl::nullopt) << bad;
  }
}

TEST(FlagValues, ReadsDurations) {
  EXPECT_EQ(ParseDurationValue("250ms"), absl::Milliseconds(250));
  EXPECT_EQ(ParseDurationValue("60s"), absl::Minutes(1));
  EXPECT_EQ(ParseDurationValue("15m"), absl::Minutes(15));
  EXPECT_EQ(ParseDurationValue("365d"), absl::Hours(24 * 365));
  EXPECT_EQ(ParseDurationValue("1h30m"), absl::Minutes(90));
  EXPECT_EQ(ParseDurationValue("1.5s"), absl::Milliseconds(1500));
  EXPECT_EQ(ParseDurationValue("3us"), absl::Microseconds(3));
  EXPECT_EQ(ParseDurationValue("0"), absl::ZeroDuration());
  EXPECT_EQ(ParseDurationValue("0s"), absl::ZeroDuration());
}

TEST(FlagValues, RefusesWhatIsNoDuration) {
  for (const char* bad :
       {"", "60", "s", "-1s", "+1s", "1 s", "1s ", "1x", "1.2.3s", "inf",
        "infs", "1e3s", "99999999999999999999999999999999d"}) {
    EXPECT_EQ(ParseDurationValue(bad), absl::nullopt) << bad;
  }
}

TEST(FlagValues, PrintsDurationsSoThatTheyReadBack) {
  EXPECT_EQ(FormatDurationValue(absl::ZeroDuration()), "0s");
  EXPECT_EQ(FormatDurationValue(absl::Minutes(90)), "90m");
  EXPECT_EQ(FormatDurationValue(absl::Milliseconds(1500)), "1500ms");
  EXPECT_EQ(FormatDurationValue(absl::Hours(24 * 365)), "365d");
  for (const char* text : {"1ns", "7us", "25s", "3h", "30d", "61m"}) {
    EXPECT_EQ(FormatDurationValue(*ParseDurationValue(text)), text);
  }
}

TEST(FlagValues, ReadsSizes) {
  EXPECT_EQ(ParseSize("0"), 0u);
  EXPECT_EQ(ParseSize("1048576"), 1048576u);
  EXPECT_EQ(ParseSize("12B"), 12u);
  EXPECT_EQ(ParseSize("64KiB"), 65536u);
  EXPECT_EQ(ParseSize("64MiB"), uint64_t{64} << 20);
  EXPECT_EQ(ParseSize("1GiB"), uint64_t{1} << 30);
  EXPECT_EQ(ParseSize("2TiB"), uint64_t{2} << 40);
}

TEST(FlagValues, RefusesWhatIsNoSize) {
  for (const char* bad : {"", "MiB", "-1", "1.5GiB", "64MB", "64 MiB", "64mib",
                          "99999999TiB", "18446744073709551616"}) {
    EXPECT_EQ(ParseSize(bad), absl::nullopt) << bad;
  }
}

TEST(FlagValues, PrintsSizesSoThatTheyReadBack) {
  EXPECT_EQ(FormatSize(0), "0");
  EXPECT_EQ(FormatSize(1000), "1000");
  EXPECT_EQ(FormatSize(5242880), "5MiB");
  EXPECT_EQ(FormatSize(uint64_t{3} << 30), "3GiB");
}

TEST(FlagValues, QuotesTextForToml) {
  EXPECT_EQ(QuoteToml(R"(a"b\c)"), R"("a\"b\\c")");
  EXPECT_EQ(QuoteToml("a\nb"), R"("a\u000Ab")");
}

}  // namespace
}  // namespace sluice
