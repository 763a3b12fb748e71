// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ConfigFile, ReadsEachKindOfValueInFileOrder) {
  const auto entries = ParseConfig("a.toml", R"(# a comment
max-rdy-count = 100
msg-timeout = "30s"   # another
auto-create = false
)");
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].key, "max-rdy-count");
  EXPECT_EQ((*entries)[0].value, "100");
  EXPECT_EQ((*entries)[0].line, 2);
  EXPECT_EQ((*entries)[1].value, "30s");
  EXPECT_EQ((*entries)[2].value, "false");
  EXPECT_EQ((*entries)[2].line, 4);
}

TEST(ConfigFile, AnEmptyFileSaysNothing) {
  EXPECT_TRUE(ParseConfig("a.toml", "").value().empty());
  EXPECT_TRUE(ParseConfig("a.toml", "# nothing\n").value().empty());
}

TEST(ConfigFile, NamesTheLineOfASyntaxError) {
  const absl::Status status =
      ParseConfig("a.toml", "x = 1\ny = = 2\n").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith("a.toml:2: "));
}

TEST(ConfigFile, RefusesAKeyThatIsGivenTwice) {
  const absl::Status status = ParseConfig("a.toml", "x = 1\nx = 2\n").status();
  EXPECT_THAT(std::string(status.message()), StartsWith("a.toml:2: "));
}

TEST(ConfigFile, RefusesTablesListsAndFractions) {
  for (const char* text : {"[table]\nx = 1\n", "x = [1]\n", "x = 1.5\n",
                           "x = 1979-05-27\n", "a.b = 1\n"}) {
    const absl::Status status = ParseConfig("a.toml", text).status();
    EXPECT_THAT(std::string(status.message()), HasSubstr("must be a string"))
        << text;
  }
}

}  // namespace
}  // namespace sluice
