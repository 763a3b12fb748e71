// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// Completion, as a shell asks for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/cli_test_fixture.h"

namespace sluice {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CompletionVerb : public CliTest {};

TEST_F(CompletionVerb, OffersCommandsAndFlags) {
  EXPECT_THAT(Run({"__complete", "pe"}).output, StartsWith("peek\t"));
  EXPECT_THAT(Run({"__complete", "topic", ""}).output, HasSubstr("create\t"));
  EXPECT_THAT(Run({"__complete", "sub", "t", "--re"}).output,
              StartsWith("--requeue\t"));
  EXPECT_EQ(Run({"__complete", "pub", "t", "--durability=d"}).output,
            "--durability=disk\t\n");
  EXPECT_EQ(Run({"__complete", "pub", "t", "-f", ""}).output, ":files\n");
}

TEST_F(CompletionVerb, OffersTopicsAndChannelsOfTheNode) {
  MakeChannel();
  EXPECT_THAT(Run({"__complete", "sub", topic_.substr(0, 5)}).output,
              HasSubstr(topic_ + "\n"));
  EXPECT_EQ(Run({"__complete", "sub", topic_, ""}).output, "c\n");
  EXPECT_EQ(
      Run({"__complete", "sub", "--address=127.0.0.1:9", topic_, ""}).output,
      "");
}

TEST_F(CompletionVerb, PrintsAScriptForEachShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const CliResult script = Run({"completion", shell});
    EXPECT_EQ(script.code, kOk);
    EXPECT_THAT(script.output,
                AllOf(HasSubstr("__complete"), Not(HasSubstr("\x1b"))));
  }
}

}  // namespace
}  // namespace sluice
