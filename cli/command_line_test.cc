// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <string>
#include <vector>

#include "cli/flag_value.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A program with one verb of each kind.
class CommandLineTest : public ::testing::Test {
 protected:
  CommandLineTest() {
    line_.root().AddFlag("--address", "A", "", Into(&address_));
    Command verb = line_.root().AddCommand("verb", "Does it");
    verb.AddArgument("TOPIC", "", Into(&topic_));
    verb.AddListFlag("-m,--message", "TEXT", "", AppendTo(&texts_));
    verb.AddRepeatedFlag("-a,--attribute", "A", "", AppendTo(&attributes_));
    verb.AddFlag("-n,--count", "N", "", Into(&count_, ParseUint32));
    verb.AddFlag("--delimiter", "STR", "", Into(&delimiter_));
    verb.AddSwitch("-y,--yes", "", &yes_);
    verb.AddFlagWithOptionalValue("--watch", "1s", "",
                                  Into(&interval_, ParseDuration));
    verb.AddExample("prog verb t");
    verb.Run([this] {
      ran_ = "verb";
      return ExitCode::kNotFound;
    });
    Command many = line_.root().AddCommand("many", "Takes many");
    many.AddOptionalArguments("TOPIC", "", AppendTo(&texts_));
    many.AddSwitch("--yes", "", &yes_);
    many.Run([this] {
      ran_ = "many";
      return ExitCode::kOk;
    });
    Command group = line_.root().AddCommand("group", "Words");
    group.AddCommand("ls", "Lists").Run([this] {
      ran_ = "group ls";
      return ExitCode::kOk;
    });
  }

  // The exit code of the process.
  ExitCode Run(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv = {"prog"};
    for (const std::string& argument : arguments) {
      argv.push_back(argument.c_str());
    }
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const auto done = line_.Parse(static_cast<int>(argv.size()), argv.data());
    const ExitCode code = done.has_value() ? *done : line_.Execute();
    stdout_ = testing::internal::GetCapturedStdout();
    stderr_ = testing::internal::GetCapturedStderr();
    return code;
  }

  CommandLine line_{"prog", "1.2.3", "A program"};
  std::string address_, topic_, delimiter_ = "unset", ran_;
  std::vector<std::string> texts_, attributes_;
  uint32_t count_ = 0;
  bool yes_ = false;
  absl::Duration interval_;
  std::string stdout_, stderr_;
};

TEST_F(CommandLineTest, RunsTheVerbAndReturnsItsCode) {
  EXPECT_EQ(Run({"verb", "t", "-n", "3", "--yes"}), ExitCode::kNotFound);
  EXPECT_EQ(ran_, "verb");
  EXPECT_EQ(topic_, "t");
  EXPECT_EQ(count_, 3u);
  EXPECT_TRUE(yes_);
}

TEST_F(CommandLineTest, TakesRootFlagsBeforeAndBehindTheVerb) {
  Run({"--address=a", "verb", "t"});
  EXPECT_EQ(address_, "a");
}

TEST_F(CommandLineTest, TakesRootFlagsBehindTheVerb) {
  Run({"group", "ls", "--address", "b"});
  EXPECT_EQ(ran_, "group ls");
  EXPECT_EQ(address_, "b");
}

TEST_F(CommandLineTest, LeavesTextsAsTheyWereTyped) {
  Run({"verb",
       "t",
       "-m",
       "[1,2]",
       "-m",
       "{}",
       "-m",
       "",
       "--message=a=b",
       "-m",
       "--help",
       "-m",
       "\"q\"",
       "-m",
       "%%",
       "--message=[3]",
       "-m",
       "]",
       "-m",
       "\x1f",
       "-m",
       "]\x1f"});
  EXPECT_THAT(texts_, ElementsAre("[1,2]", "{}", "", "a=b", "--help", "\"q\"",
                                  "%%", "[3]", "]", "\x1f", "]\x1f"));
}

TEST_F(CommandLineTest, LeavesFurtherTextsAsTheyWereTyped) {
  Run({"verb", "t", "-m", "x", "[1,2]", "", "{}", "-m", "y", "z"});
  EXPECT_THAT(texts_, ElementsAre("x", "[1,2]", "", "{}", "y", "z"));
}

TEST_F(CommandLineTest, LeavesArgumentsBehindAListFlagTheirTexts) {
  Run({"verb", "-m", "x", "y", "t"});
  EXPECT_EQ(topic_, "t");
  EXPECT_THAT(texts_, ElementsAre("x", "y"));
}

TEST_F(CommandLineTest, TakesOneTextForEachRepeatedFlag) {
  Run({"verb", "-a", "[x]", "-a", "y", "t"});
  EXPECT_EQ(topic_, "t");
  EXPECT_THAT(attributes_, ElementsAre("[x]", "y"));
}

TEST_F(CommandLineTest, TakesAnEmptyValueBehindTheEqualsSign) {
  Run({"verb", "--delimiter=", "t"});
  EXPECT_EQ(delimiter_, "");
  EXPECT_EQ(topic_, "t");
}

TEST_F(CommandLineTest, TakesAnOptionalValueOnlyBehindTheEqualsSign) {
  Run({"verb", "--watch", "t"});
  EXPECT_EQ(interval_, absl::Seconds(1));
  EXPECT_EQ(topic_, "t");
}

TEST_F(CommandLineTest, TakesAnOptionalValue) {
  Run({"verb", "--watch=250ms", "t"});
  EXPECT_EQ(interval_, absl::Milliseconds(250));
}

TEST_F(CommandLineTest, TakesAsManyArgumentsAsThereAre) {
  EXPECT_EQ(Run({"many"}), ExitCode::kOk);
  EXPECT_THAT(texts_, ElementsAre());
  EXPECT_EQ(Run({"many", "a", "--yes", "[b]", "verb"}), ExitCode::kOk);
  EXPECT_THAT(texts_, ElementsAre("a", "[b]", "verb"));
  EXPECT_TRUE(yes_);
  EXPECT_EQ(ran_, "many");
}

TEST_F(CommandLineTest, TakesArgumentsNamedAsVerbs) {
  Run({"verb", "group"});
  EXPECT_EQ(topic_, "group");
}

TEST_F(CommandLineTest, CallsEverythingWrongAUsageErrorOnOneLine) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"nope"},
      {"verb"},
      {"verb", "t", "--nope"},
      {"verb", "t", "-n", "x"},
      {"verb", "t", "-n"},
      {"verb", "t", "-n", "1", "-n", "2"},
      {"verb", "t", "--watch=x"},
      {"verb", "t", "--yes=maybe"},
      {"group"},
      {"group", "nope"},
      {"group", "ls", "extra"},
      {"verb", "t", "-a", "x", "[extra]"},
      {"--nope"},
  };
  for (const std::vector<std::string>& arguments : wrong) {
    EXPECT_EQ(Run(arguments), ExitCode::kUsage)
        << testing::PrintToString(arguments);
    EXPECT_EQ(stdout_, "");
    EXPECT_THAT(stderr_, HasSubstr("--help')\n"));
    EXPECT_EQ(stderr_.find('\n'), stderr_.size() - 1) << stderr_;
    EXPECT_EQ(ran_, "");
  }
}

TEST_F(CommandLineTest, NamesTheWordItDoesNotKnow) {
  Run({"nope"});
  EXPECT_THAT(stderr_, HasSubstr("no command \"nope\""));
}

TEST_F(CommandLineTest, NamesTheFlagWithABadValue) {
  Run({"verb", "t", "--count=many"});
  EXPECT_THAT(stderr_, HasSubstr("--count: \"many\" is not"));
}

TEST_F(CommandLineTest, PrintsHelpWithExamplesToStandardOutput) {
  EXPECT_EQ(Run({"verb", "--help"}), ExitCode::kOk);
  EXPECT_THAT(stdout_, HasSubstr("Examples:\n  prog verb t\n"));
  EXPECT_THAT(stdout_, HasSubstr("--watch[=1s] "));
  EXPECT_EQ(stderr_, "");
}

TEST_F(CommandLineTest, DescribesItself) {
  const CommandDescription all = line_.Describe();
  ASSERT_EQ(all.commands.size(), 3u);
  const CommandDescription& verb = all.commands[0];
  EXPECT_EQ(verb.name, "verb");
  EXPECT_EQ(verb.summary, "Does it");
  EXPECT_THAT(verb.arguments, ElementsAre("TOPIC"));
  EXPECT_FALSE(verb.last_argument_repeats);
  std::vector<std::string> flags;
  for (const FlagDescription& flag : verb.flags) {
    flags.push_back(flag.names.back() + " " + flag.value);
  }
  EXPECT_THAT(
      flags, ElementsAre("--help ", "--message TEXT", "--attribute A",
                         "--count N", "--delimiter STR", "--yes ", "--watch "));
  EXPECT_TRUE(all.commands[1].last_argument_repeats);
  EXPECT_EQ(all.commands[2].commands[0].name, "ls");
}

TEST_F(CommandLineTest, PrintsItsVersion) {
  EXPECT_EQ(Run({"--version"}), ExitCode::kOk);
  EXPECT_EQ(stdout_, "prog 1.2.3\n");
}

}  // namespace
}  // namespace sluice
