// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/lookup_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace sluice {
namespace {

using ::testing::HasSubstr;

class LookupOptionsTest : public ::testing::Test {
 protected:
  absl::StatusOr<ParsedLookupOptions> Parse(
      const std::vector<std::string>& arguments) {
    FlagSources sources;
    sources.environment =
        [this](const std::string& name) -> absl::optional<std::string> {
      const auto it = environment_.find(name);
      if (it == environment_.end()) return absl::nullopt;
      return it->second;
    };
    sources.read_file = [](const std::string&) -> absl::StatusOr<std::string> {
      return std::string("ping-interval = \"3s\"\n");
    };
    return ParseLookupOptions(arguments, sources);
  }

  std::map<std::string, std::string> environment_;
};

TEST_F(LookupOptionsTest, HasNsqsDefaults) {
  const LookupOptions options = Parse({})->options;
  EXPECT_EQ(options.grpc_address.ToString(), "0.0.0.0:4160");
  EXPECT_EQ(options.http_address.ToString(), "0.0.0.0:4161");
  EXPECT_EQ(options.inactive_producer_timeout, absl::Minutes(5));
  EXPECT_EQ(options.tombstone_lifetime, absl::Seconds(45));
  EXPECT_EQ(options.ping_interval, absl::Seconds(15));
}

TEST_F(LookupOptionsTest, ComeFromFlagsTheEnvironmentAndAFile) {
  environment_["SLUICE_LOOKUPD_TOMBSTONE_LIFETIME"] = "7s";
  const auto parsed =
      Parse({"--config=lookup.toml", "--grpc-address=127.0.0.1:0"});
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->options.grpc_address.ToString(), "127.0.0.1:0");
  EXPECT_EQ(parsed->options.tombstone_lifetime, absl::Seconds(7));
  EXPECT_EQ(parsed->options.ping_interval, absl::Seconds(3));
}

TEST_F(LookupOptionsTest, NodesMustNotBeHiddenBetweenTheirPings) {
  const auto parsed =
      Parse({"--ping-interval=10s", "--inactive-producer-timeout=10s"});
  EXPECT_THAT(std::string(parsed.status().message()),
              HasSubstr("--ping-interval=10s: must be below "
                        "--inactive-producer-timeout=10s"));
}

TEST_F(LookupOptionsTest, PrintsHelpVersionAndConfiguration) {
  EXPECT_THAT(Parse({"--help"})->output.value(),
              HasSubstr("--inactive-producer-timeout=DURATION"));
  EXPECT_THAT(Parse({"--version"})->output.value(),
              HasSubstr("sluice-lookupd "));
  EXPECT_THAT(Parse({"--print-config"})->output.value(),
              HasSubstr("ping-interval = \"15s\"  # default"));
  EXPECT_THAT(Parse({"--check-config"})->output.value(), HasSubstr("valid"));
}

TEST_F(LookupOptionsTest, RefusesUnknownFlags) {
  EXPECT_THAT(std::string(Parse({"--tcp-address=x"}).status().message()),
              HasSubstr("there is no such flag"));
}

}  // namespace
}  // namespace sluice
