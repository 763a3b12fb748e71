// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <fstream>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;

class SettingsTest : public ::testing::Test {
 protected:
  absl::Status Resolve() {
    return ResolveSettings(
        flags_,
        [this](const char* name) -> const char* {
          const auto found = environment_.find(name);
          return found == environment_.end() ? nullptr : found->second.c_str();
        },
        &settings_);
  }

  void WriteFile(const std::string& text) {
    const std::string path = testing::TempDir() + "/settings_test.toml";
    std::ofstream(path) << text;
    flags_.config = path;
  }

  SettingFlags flags_;
  std::map<std::string, std::string> environment_;
  Settings settings_;
};

TEST_F(SettingsTest, HasDefaults) {
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(settings_.address, "127.0.0.1:4150");
  EXPECT_FALSE(settings_.timeout.has_value());
  EXPECT_FALSE(settings_.output.has_value());
}

TEST_F(SettingsTest, PrefersFlagThenEnvironmentThenFile) {
  WriteFile("address = \"file:1\"\ntimeout = \"1s\"\noutput = \"json\"\n");
  environment_ = {{"SLUICE_ADDRESS", "environment:2"},
                  {"SLUICE_TIMEOUT", "2s"}};
  flags_.address = "flag:3";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(settings_.address, "flag:3");
  EXPECT_EQ(settings_.timeout, absl::Seconds(2));
  EXPECT_EQ(settings_.output, OutputFormat::kJson);
  EXPECT_FALSE(settings_.output_from_command_line);
}

TEST_F(SettingsTest, TakesAnEmptyVariableAsUnset) {
  environment_ = {{"SLUICE_ADDRESS", ""}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(settings_.address, "127.0.0.1:4150");
}

TEST_F(SettingsTest, FindsTheFileThroughTheEnvironment) {
  WriteFile("address = \"file:1\"\n");
  environment_ = {{"SLUICE_CONFIG", *flags_.config}};
  flags_.config.reset();
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(settings_.address, "file:1");
}

TEST_F(SettingsTest, AddsTheDefaultPort) {
  flags_.address = "queue.example";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(settings_.address, "queue.example:4150");
  flags_.address = "[::1]";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(settings_.address, "[::1]:4150");
  flags_.address = "unix:/run/sluice";
  ASSERT_TRUE(Resolve().ok());
  EXPECT_EQ(settings_.address, "unix:/run/sluice");
}

TEST_F(SettingsTest, SaysWhereABadValueStands) {
  environment_ = {{"SLUICE_TIMEOUT", "soon"}};
  const absl::Status status = Resolve();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("SLUICE_TIMEOUT"));
}

TEST_F(SettingsTest, RefusesAnUnknownKey) {
  WriteFile("adress = \"file:1\"\n");
  EXPECT_THAT(std::string(Resolve().message()), HasSubstr("\"adress\""));
}

TEST_F(SettingsTest, RefusesAKeyThatIsNoString) {
  WriteFile("timeout = 5\n");
  EXPECT_EQ(Resolve().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SettingsTest, RefusesAFileThatIsMissingOrNotToml) {
  WriteFile("address = \n");
  EXPECT_EQ(Resolve().code(), absl::StatusCode::kInvalidArgument);
  flags_.config = "/nonexistent/sluice.toml";
  EXPECT_EQ(Resolve().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SettingsTest, RefusesAnEmptyAddress) {
  flags_.address = "";
  EXPECT_EQ(Resolve().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sluice
