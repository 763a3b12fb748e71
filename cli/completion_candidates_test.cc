// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/completion_candidates.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Wanted = Completion::Wanted;

class CompletionCandidates : public ::testing::Test {
 protected:
  CompletionCandidates() {
    program_.name = "prog";
    program_.flags = {{{"--output"}, "table|json|jsonl", "How"},
                      {{"--config"}, "FILE", ""}};
    CommandDescription sub;
    sub.name = "sub";
    sub.arguments = {"TOPIC", "CHANNEL"};
    sub.flags = {{{"-n", "--count"}, "N", "Many"}, {{"--quiet"}, "", ""}};
    CommandDescription group;
    group.name = "stat";
    group.commands.resize(1);
    group.commands[0].name = "ls";
    CommandDescription many;
    many.name = "many";
    many.arguments = {"TOPIC"};
    many.last_argument_repeats = true;
    program_.commands = {sub, group, many};
  }

  std::vector<std::string> Texts(const std::vector<std::string>& words) {
    std::vector<std::string> texts;
    for (const auto& each : CompleteWords(program_, words).candidates) {
      texts.push_back(each.text);
    }
    return texts;
  }
  Wanted WantedAt(const std::vector<std::string>& words) {
    return CompleteWords(program_, words).wanted;
  }

  CommandDescription program_;
};

TEST_F(CompletionCandidates, AreCommandsFirst) {
  EXPECT_THAT(Texts({""}), ElementsAre("sub", "stat", "many"));
  EXPECT_THAT(Texts({"s"}), ElementsAre("sub", "stat"));
  EXPECT_THAT(Texts({"stat", ""}), ElementsAre("ls"));
  EXPECT_THAT(Texts({"nope", ""}), ElementsAre("sub", "stat", "many"));
}

TEST_F(CompletionCandidates, AreFlagsOfTheCommandAndTheProgram) {
  EXPECT_THAT(Texts({"sub", "-"}),
              ElementsAre("--count", "--quiet", "--output", "--config"));
  EXPECT_THAT(Texts({"sub", "--c"}), ElementsAre("--count", "--config"));
  EXPECT_THAT(Texts({"sub", "--", "-"}), IsEmpty());
}

TEST_F(CompletionCandidates, AreValuesOfAFlag) {
  EXPECT_THAT(Texts({"--output", "j"}), ElementsAre("json", "jsonl"));
  EXPECT_THAT(Texts({"--output=j"}),
              ElementsAre("--output=json", "--output=jsonl"));
  EXPECT_THAT(Texts({"sub", "-n", ""}), IsEmpty());
  EXPECT_EQ(WantedAt({"--config", ""}), Wanted::kFile);
}

TEST_F(CompletionCandidates, AreNamesThatOnlyANodeKnows) {
  EXPECT_EQ(WantedAt({"sub", ""}), Wanted::kTopic);
  EXPECT_EQ(WantedAt({"sub", "-n", "3", "--output=json", ""}), Wanted::kTopic);
  const Completion channel = CompleteWords(program_, {"sub", "orders", ""});
  EXPECT_EQ(channel.wanted, Wanted::kChannel);
  EXPECT_EQ(channel.topic, "orders");
  EXPECT_EQ(WantedAt({"sub", "orders", "c", ""}), Wanted::kNothing);
  EXPECT_EQ(WantedAt({"many", "a", "b", ""}), Wanted::kTopic);
}

}  // namespace
}  // namespace sluice
