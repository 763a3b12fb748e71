// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// The verbs that look at a node and change what is on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/cli/cli_test_fixture.h"

namespace sluice {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class AdminVerbs : public CliTest {
 protected:
  json RunForJson(const std::vector<std::string>& arguments) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.code, kOk) << result.error;
    return json::parse(result.output);
  }
};

TEST_F(AdminVerbs, MakeShowAndDeleteATopic) {
  const json made = RunForJson(
      {"topic", "create", topic_, "--durability=disk", "--output=json"});
  EXPECT_EQ(made["name"], topic_);
  EXPECT_EQ(made["config"]["durability"], "DURABILITY_DISK");
  EXPECT_EQ(RunForJson({"topic", "info", topic_, "--output=json"}), made);
  EXPECT_THAT(Run({"topic", "ls"}).output,
              AllOf(StartsWith("TOPIC "), HasSubstr(topic_)));
  EXPECT_EQ(Run({"topic", "rm", topic_, "--yes"}).code, kOk);
  EXPECT_THAT(Run({"topic", "ls"}).output, Not(HasSubstr(topic_)));
}

TEST_F(AdminVerbs, ChangeOnlyWhatAFlagNames) {
  EXPECT_EQ(
      Run({"topic", "create", topic_, "--durability=os", "--mem-queue-size=7"})
          .code,
      kOk);
  const json updated = RunForJson(
      {"topic", "update", topic_, "--durability=disk", "--output=json"});
  EXPECT_EQ(updated["config"]["durability"], "DURABILITY_DISK");
  EXPECT_EQ(updated["config"]["memQueueSize"], 7);
  EXPECT_EQ(RunForJson({"topic", "info", topic_, "--output=json"}), updated);
  EXPECT_EQ(Run({"channel", "update", topic_, "none", "--max-attempts=0"}).code,
            kNotFound);
}

TEST_F(AdminVerbs, ListATopicPerLine) {
  MakeChannel();
  const CliResult list = Run({"topic", "ls", "--output=jsonl"});
  bool found = false;
  std::istringstream lines(list.output);
  for (std::string line; std::getline(lines, line);) {
    found = found || json::parse(line)["name"] == topic_;
  }
  EXPECT_TRUE(found);
  EXPECT_FALSE(RunForJson({"topic", "ls", "--output=json"})["topics"].empty());
}

TEST_F(AdminVerbs, PauseAndResumeATopicAndAChannel) {
  MakeChannel();
  EXPECT_EQ(RunForJson({"topic", "pause", topic_, "--output=json"})["paused"],
            true);
  EXPECT_EQ(RunForJson({"topic", "resume", topic_, "--output=json"})["paused"],
            false);
  EXPECT_EQ(Run({"channel", "pause", topic_, "c"}).code, kOk);
  EXPECT_THAT(Run({"channel", "info", topic_, "c"}).output,
              HasSubstr("paused"));
  EXPECT_EQ(Run({"channel", "resume", topic_, "c"}).code, kOk);
  EXPECT_THAT(Run({"channel", "ls", topic_}).output, HasSubstr("active"));
}

TEST_F(AdminVerbs, AreQuietUnlessAsked) {
  const CliResult quiet = Run({"topic", "create", topic_});
  EXPECT_THAT(quiet.output, IsEmpty());
  EXPECT_THAT(quiet.error, IsEmpty());
  EXPECT_EQ(Run({"topic", "create", topic_, "-v"}).error,
            "sluice: created topic " + topic_ + "\n");
}

TEST_F(AdminVerbs, EmptyAndDeleteAChannel) {
  MakeChannel();
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b"}).code, kOk);
  EXPECT_EQ(Run({"channel", "empty", topic_, "c", "-y"}).code, kOk);
  EXPECT_TRUE(WaitForStats("\"droppedCount\":\"2\""));
  EXPECT_EQ(Run({"channel", "rm", topic_, "c", "--yes"}).code, kOk);
  EXPECT_EQ(Run({"channel", "info", topic_, "c"}).code, kNotFound);
}

TEST_F(AdminVerbs, CountMessages) {
  MakeChannel();
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b", "c"}).code, kOk);
  ASSERT_EQ(Run({"sub", topic_, "c", "-n", "1"}).code, kOk);
  const json stats = RunForJson({"stats", topic_, "--output=jsonl"});
  EXPECT_EQ(stats["messageCount"], "3");
  EXPECT_EQ(stats["channels"][0]["finishCount"], "1");
  EXPECT_EQ(stats["channels"][0]["depth"], "2");
  EXPECT_THAT(Run({"stats"}).output,
              AllOf(StartsWith("TOPIC "), HasSubstr(topic_)));
}

TEST_F(AdminVerbs, CountAgainAndAgain) {
  MakeChannel();
  SluiceProcess watch(
      With({"stats", topic_, "--watch=100ms", "--timeout=10s"}));
  // Blocks with rates, an empty line between them.
  EXPECT_TRUE(watch.WaitForOutput("\n\nTOPIC "));
  EXPECT_THAT(watch.output(), HasSubstr("IN/S"));
  EXPECT_THAT(watch.output(), Not(HasSubstr("\x1b")));
}

TEST_F(AdminVerbs, PeekWithoutTaking) {
  MakeChannel();
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b\x1b[2J", "c"}).code, kOk);
  EXPECT_THAT(Run({"peek", topic_, "c"}).output,
              AllOf(HasSubstr("ready"), HasSubstr("b\\033[2J")));
  const json from =
      RunForJson({"peek", topic_, "c", "--from=2", "-n", "1", "--output=json"});
  ASSERT_EQ(from["messages"].size(), 1u);
  EXPECT_EQ(from["messages"][0]["messageId"], "2");
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "3"}).code, kOk);
}

TEST_F(AdminVerbs, PeekAtMoreThanOneAnswerHolds) {
  MakeChannel();
  std::string lines;
  for (int i = 0; i < 2500; ++i) lines += "x\n";
  ASSERT_EQ(Run({"pub", topic_}, lines).code, kOk);
  const json all =
      RunForJson({"peek", topic_, "c", "-n", "2400", "--output=json"});
  EXPECT_EQ(all["messages"].size(), 2400u);
}

TEST_F(AdminVerbs, TellThatTheNodeServes) {
  EXPECT_EQ(Run({"health"}).output, "SERVING\n");
  EXPECT_EQ(RunForJson({"health", "--output=jsonl"})["status"], "SERVING");
}

}  // namespace
}  // namespace sluice
