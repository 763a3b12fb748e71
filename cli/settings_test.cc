// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <fstream>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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
  EXPECT_THAT(settings_.addresses, ElementsAre("127.0.0.1:4150"));
  EXPECT_FALSE(settings_.timeout.has_value());
  EXPECT_FALSE(settings_.output.has_value());
}

TEST_F(SettingsTest, PrefersFlagThenEnvironmentThenFile) {
  WriteFile("address = \"file:1\"\ntimeout = \"1s\"\noutput = \"json\"\n");
  environment_ = {{"SLUICE_ADDRESS", "environment:2"},
                  {"SLUICE_TIMEOUT", "2s"}};
  flags_.addresses = {"flag:3"};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.addresses, ElementsAre("flag:3"));
  EXPECT_EQ(settings_.timeout, absl::Seconds(2));
  EXPECT_EQ(settings_.output, OutputFormat::kJson);
  EXPECT_FALSE(settings_.output_from_command_line);
}

TEST_F(SettingsTest, TakesAnEmptyVariableAsUnset) {
  environment_ = {{"SLUICE_ADDRESS", ""}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.addresses, ElementsAre("127.0.0.1:4150"));
}

TEST_F(SettingsTest, FindsTheFileThroughTheEnvironment) {
  WriteFile("address = \"file:1\"\n");
  environment_ = {{"SLUICE_CONFIG", *flags_.config}};
  flags_.config.reset();
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.addresses, ElementsAre("file:1"));
}

TEST_F(SettingsTest, AddsTheDefaultPort) {
  flags_.addresses = {"queue.example"};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.addresses, ElementsAre("queue.example:4150"));
  flags_.addresses = {"[::1]"};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.addresses, ElementsAre("[::1]:4150"));
  flags_.addresses = {"unix:/run/sluice"};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.addresses, ElementsAre("unix:/run/sluice"));
}

TEST_F(SettingsTest, TakesSeveralAddresses) {
  environment_ = {{"SLUICE_ADDRESS", "a, b:1"}};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.addresses, ElementsAre("a:4150", "b:1"));
  EXPECT_TRUE(settings_.many_nodes());
}

TEST_F(SettingsTest, TakesSeveralAddressesFromAFile) {
  WriteFile("address = [\"a\", \"b:1\"]\n");
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.addresses, ElementsAre("a:4150", "b:1"));
}

TEST_F(SettingsTest, TakesLookupsInsteadOfAddresses) {
  flags_.lookups = {"l1", "l2:1"};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.lookups, ElementsAre("l1:4160", "l2:1"));
  EXPECT_THAT(settings_.addresses, IsEmpty());
  EXPECT_TRUE(settings_.many_nodes());
}

TEST_F(SettingsTest, LetsAnAddressReplaceALookupOfALowerLevel) {
  WriteFile("lookup = \"file\"\n");
  environment_ = {{"SLUICE_LOOKUP", "environment"}};
  flags_.addresses = {"a:1"};
  ASSERT_TRUE(Resolve().ok());
  EXPECT_THAT(settings_.addresses, ElementsAre("a:1"));
  EXPECT_THAT(settings_.lookups, IsEmpty());
}

TEST_F(SettingsTest, RefusesAddressAndLookupTogether) {
  flags_.addresses = {"a"};
  flags_.lookups = {"b"};
  EXPECT_THAT(std::string(Resolve().message()),
              HasSubstr("--address and --lookup exclude each other"));
}

TEST_F(SettingsTest, RefusesAnArrayThatHoldsMoreThanStrings) {
  WriteFile("lookup = [\"a\", 5]\n");
  EXPECT_EQ(Resolve().code(), absl::StatusCode::kInvalidArgument);
  WriteFile("timeout = [\"5s\"]\n");
  EXPECT_EQ(Resolve().code(), absl::StatusCode::kInvalidArgument);
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
  flags_.addresses = {""};
  EXPECT_EQ(Resolve().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sluice
