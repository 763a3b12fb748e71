// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags/flag_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Command = FlagSet::Command;

// A program called `sluiced` with one flag of each kind, an environment and
// files that exist only here.
class FlagSetTest : public ::testing::Test {
 protected:
  FlagSetTest() {
    flags_.Group("Limits");
    flags_.Add(IntegerFlag("max-rdy-count", &count_, 1, 1000, "help"));
    flags_.Add(SizeFlag("max-msg-size", &size_, 1, 1 << 30, "help"));
    flags_.Add(DurationFlag("msg-timeout", &timeout_, absl::Seconds(1),
                            absl::Minutes(15), "help"));
    flags_.Group("Behaviour");
    flags_.Add(BoolFlag("auto-create", &create_, "help"));
    flags_.Add(TextFlag("node-id", "TEXT", &node_id_, "help", "made once"));
    flags_.Add(ChoiceFlag("log-level", &level_, {"debug", "info"}, "help"));
  }

  absl::StatusOr<Command> Parse(const std::vector<std::string>& arguments) {
    FlagSources sources;
    sources.environment =
        [this](const std::string& name) -> absl::optional<std::string> {
      const auto it = environment_.find(name);
      if (it == environment_.end()) return absl::nullopt;
      return it->second;
    };
    sources.read_file =
        [this](const std::string& path) -> absl::StatusOr<std::string> {
      const auto it = files_.find(path);
      if (it == files_.end()) return absl::NotFoundError("no such file");
      return it->second;
    };
    return flags_.Parse(arguments, sources);
  }
  std::string ErrorOf(const std::vector<std::string>& arguments) {
    return std::string(Parse(arguments).status().message());
  }

  uint32_t count_ = 7;
  uint64_t size_ = 1 << 20;
  absl::Duration timeout_ = absl::Seconds(60);
  bool create_ = true;
  std::string node_id_;
  std::string level_ = "info";
  FlagSet flags_{"sluiced", "A queue."};
  std::map<std::string, std::string> environment_;
  std::map<std::string, std::string> files_;
};

TEST_F(FlagSetTest, LeavesDefaultsAlone) {
  EXPECT_EQ(Parse({}).value(), Command::kRun);
  EXPECT_EQ(count_, 7u);
  EXPECT_TRUE(create_);
  EXPECT_FALSE(flags_.IsSet("max-rdy-count"));
}

TEST_F(FlagSetTest, ReadsEachKindOfFlag) {
  ASSERT_TRUE(
      Parse({"--max-rdy-count=100", "--max-msg-size=64KiB", "--msg-timeout=5s",
             "--auto-create=false", "--node-id=a b", "--log-level=debug"})
          .ok());
  EXPECT_EQ(count_, 100u);
  EXPECT_EQ(size_, 65536u);
  EXPECT_EQ(timeout_, absl::Seconds(5));
  EXPECT_FALSE(create_);
  EXPECT_EQ(node_id_, "a b");
  EXPECT_EQ(level_, "debug");
  EXPECT_TRUE(flags_.IsSet("max-rdy-count"));
}

TEST_F(FlagSetTest, ASwitchAloneMeansTrueAndTheLastOfARepeatedFlagWins) {
  ASSERT_TRUE(Parse({"--auto-create=false", "--auto-create",
                     "--max-rdy-count=1", "--max-rdy-count=2"})
                  .ok());
  EXPECT_TRUE(create_);
  EXPECT_EQ(count_, 2u);
}

TEST_F(FlagSetTest, FlagWinsOverVariableOverFileOverDefault) {
  files_["c.toml"] =
      "max-rdy-count = 10\nmsg-timeout = \"10s\"\nlog-level = \"debug\"\n";
  environment_["SLUICED_MAX_RDY_COUNT"] = "20";
  environment_["SLUICED_MSG_TIMEOUT"] = "20s";
  ASSERT_TRUE(Parse({"--config=c.toml", "--max-rdy-count=30"}).ok());
  EXPECT_EQ(count_, 30u);
  EXPECT_EQ(timeout_, absl::Seconds(20));
  EXPECT_EQ(level_, "debug");
  EXPECT_TRUE(create_);
}

TEST_F(FlagSetTest, TheFileMayBeNamedByAVariable) {
  files_["c.toml"] = "max-rdy-count = 10\n";
  environment_["SLUICED_CONFIG"] = "c.toml";
  ASSERT_TRUE(Parse({}).ok());
  EXPECT_EQ(count_, 10u);
}

TEST_F(FlagSetTest, AnEmptyVariableIsNotSet) {
  environment_["SLUICED_MAX_RDY_COUNT"] = "";
  ASSERT_TRUE(Parse({}).ok());
  EXPECT_EQ(count_, 7u);
}

TEST_F(FlagSetTest, ErrorsNameFlagValueOriginAndWhatIsAllowed) {
  EXPECT_EQ(ErrorOf({"--max-rdy-count=0"}),
            "--max-rdy-count=0: expected a whole number from 1 to 1000");
  EXPECT_EQ(ErrorOf({"--msg-timeout=60"}),
            "--msg-timeout=60: expected a duration such as 250ms, 60s or 15m, "
            "from 1s to 15m");
  EXPECT_EQ(ErrorOf({"--max-msg-size=1MB"}),
            "--max-msg-size=1MB: expected bytes or a size such as 64KiB, "
            "512MiB or 1GiB, from 1 to 1GiB");
  EXPECT_EQ(ErrorOf({"--auto-create=maybe"}),
            "--auto-create=maybe: expected true or false");
  EXPECT_EQ(ErrorOf({"--log-level=loud"}),
            "--log-level=loud: expected one of debug, info");

  environment_["SLUICED_MAX_RDY_COUNT"] = "many";
  EXPECT_EQ(ErrorOf({}),
            "--max-rdy-count=many (SLUICED_MAX_RDY_COUNT): expected a whole "
            "number from 1 to 1000");
  environment_.clear();
  files_["c.toml"] = "\nmax-rdy-count = \"many\"\n";
  EXPECT_EQ(ErrorOf({"--config=c.toml"}),
            "--max-rdy-count=many (c.toml:2): expected a whole number from 1 "
            "to 1000");
}

TEST_F(FlagSetTest, SuggestsTheNearestFlag) {
  EXPECT_EQ(ErrorOf({"--msg-timeuot=5s"}),
            "--msg-timeuot=5s: there is no such flag; did you mean "
            "--msg-timeout?");
  EXPECT_EQ(ErrorOf({"-node-id=x"}),
            "-node-id=x: there is no such flag; did you mean --node-id?");
  EXPECT_EQ(ErrorOf({"--frobnicate"}),
            "--frobnicate: there is no such flag; see --help");
  files_["c.toml"] = "max-rdy-counts = 1\n";
  EXPECT_EQ(ErrorOf({"--config=c.toml"}),
            "c.toml:1: there is no flag max-rdy-counts; did you mean "
            "--max-rdy-count?");
}

TEST_F(FlagSetTest, RefusesArgumentsThatAreNoFlags) {
  EXPECT_EQ(ErrorOf({"start"}),
            "start: expected only flags, as in --name=value");
  EXPECT_EQ(ErrorOf({"-"}), "-: there is no such flag; see --help");
}

TEST_F(FlagSetTest, RefusesAFlagWithoutItsValue) {
  EXPECT_EQ(ErrorOf({"--node-id"}), "--node-id: expected a value");
  EXPECT_EQ(ErrorOf({"--node-id="}), "--node-id=: expected a value");
  EXPECT_EQ(ErrorOf({"--node-id", "--log-level=info"}),
            "--node-id: expected a value");
}

TEST_F(FlagSetTest, SaysWhyAConfigurationFileIsNoGood) {
  EXPECT_EQ(ErrorOf({"--config=none.toml"}),
            "--config=none.toml: no such file");
  files_["c.toml"] = "max-rdy-count 5\n";
  EXPECT_THAT(ErrorOf({"--config=c.toml"}), HasSubstr("c.toml:1: "));
  // The file cannot name another file.
  files_["c.toml"] = "config = \"d.toml\"\n";
  EXPECT_THAT(ErrorOf({"--config=c.toml"}), HasSubstr("no flag config"));
}

TEST_F(FlagSetTest, HelpAndVersionComeBeforeAnyError) {
  EXPECT_EQ(Parse({"--help", "--frobnicate"}).value(), Command::kHelp);
  EXPECT_EQ(Parse({"-h"}).value(), Command::kHelp);
  EXPECT_EQ(Parse({"--version", "--max-rdy-count=x"}).value(),
            Command::kVersion);
  EXPECT_EQ(Parse({"--check-config"}).value(), Command::kCheckConfig);
  EXPECT_FALSE(Parse({"--check-config", "--max-rdy-count=x"}).ok());
}

TEST_F(FlagSetTest, ARepeatableFlagCollectsItsValues) {
  Flag flag = TextFlag("peer", "NAME", &node_id_, "help");
  flag.repeatable = true;
  flags_.Add(flag);
  ASSERT_TRUE(Parse({"--peer=a", "--peer=b,c"}).ok());
  EXPECT_EQ(node_id_, "a,b,c");
  files_["f.toml"] = "peer = [\"d\", \"e\"]\n";
  ASSERT_TRUE(Parse({"--config=f.toml"}).ok());
  EXPECT_EQ(node_id_, "d,e");
}

TEST_F(FlagSetTest, HelpShowsGroupsFlagsAndDefaults) {
  const std::string help = flags_.Help();
  EXPECT_THAT(help, HasSubstr("Limits:\n"));
  EXPECT_THAT(help, HasSubstr("Behaviour:\n"));
  EXPECT_THAT(help, HasSubstr("--max-msg-size=SIZE"));
  EXPECT_THAT(help, HasSubstr("[1MiB]"));
  EXPECT_THAT(help, HasSubstr("[made once]"));
  EXPECT_THAT(help, HasSubstr("SLUICED_SOME_FLAG"));
}

TEST_F(FlagSetTest, PrintsTheConfigurationSoThatItReadsBack) {
  environment_["SLUICED_MSG_TIMEOUT"] = "20s";
  ASSERT_TRUE(Parse({"--print-config", "--max-rdy-count=30"}).ok());
  const std::string printed = flags_.PrintConfig();
  EXPECT_THAT(printed, HasSubstr("\nmax-rdy-count = 30  # flag\n"));
  EXPECT_THAT(printed,
              HasSubstr("\nmsg-timeout = \"20s\"  # SLUICED_MSG_TIMEOUT\n"));
  EXPECT_THAT(printed, HasSubstr("\nauto-create = true  # default\n"));
  EXPECT_THAT(printed, HasSubstr("\n# node-id: made once\n"));
  EXPECT_THAT(printed, Not(HasSubstr("config =")));

  environment_.clear();
  files_["printed.toml"] = printed;
  count_ = 1;
  EXPECT_EQ(ErrorOf({"--config=printed.toml"}), "");
  EXPECT_EQ(count_, 30u);
}

}  // namespace
}  // namespace sluice
