// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// What verbs make of several nodes.
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
using ::testing::StartsWith;

class ManyNodes : public CliTest {
 protected:
  void SetUp() override { ASSERT_TRUE(other_.Start().ok()); }

  CliResult RunOnBoth(std::vector<std::string> arguments) {
    arguments.push_back("--address=" + node_->grpc_address());
    arguments.push_back("--address=" + other_.grpc_address());
    return Run(arguments);
  }

  static std::vector<json> Lines(const std::string& text) {
    std::vector<json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      lines.push_back(json::parse(line));
    }
    return lines;
  }

  NodeProcess other_;
};

TEST_F(ManyNodes, AllGetATopic) {
  const CliResult made = RunOnBoth({"topic", "create", topic_, "-v"});
  EXPECT_EQ(made.code, kOk);
  EXPECT_THAT(made.error, AllOf(HasSubstr(" on " + node_->grpc_address()),
                                HasSubstr(" on " + other_.grpc_address())));
  const CliResult info = RunOnBoth({"topic", "info", topic_, "--output=jsonl"});
  const std::vector<json> lines = Lines(info.output);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["node"], node_->grpc_address());
  EXPECT_EQ(lines[1]["node"], other_.grpc_address());
  EXPECT_EQ(lines[1]["name"], topic_);
  EXPECT_THAT(RunOnBoth({"topic", "ls"}).output, StartsWith("NODE "));
  const json document =
      json::parse(RunOnBoth({"topic", "ls", "--output=json"}).output);
  EXPECT_EQ(document["nodes"].size(), 2u);
}

TEST_F(ManyNodes, AreChangedWhereTheTopicIs) {
  MakeChannel();  // on the first
  EXPECT_EQ(RunOnBoth({"channel", "pause", topic_, "c"}).code, kOk);
  EXPECT_THAT(Run({"channel", "info", topic_, "c"}).output,
              HasSubstr("paused"));
  EXPECT_EQ(RunOnBoth({"topic", "rm", topic_, "--yes"}).code, kOk);
  EXPECT_EQ(RunOnBoth({"topic", "info", topic_}).code, kNotFound);
}

TEST_F(ManyNodes, AreAddedUp) {
  for (const std::string& address :
       {node_->grpc_address(), other_.grpc_address()}) {
    ASSERT_EQ(Run({"topic", "create", topic_, "--address=" + address}).code,
              kOk);
    ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b", "--address=" + address}).code,
              kOk);
  }
  const CliResult sum = RunOnBoth({"stats", topic_, "--output=jsonl"});
  ASSERT_EQ(Lines(sum.output).size(), 1u) << sum.error;
  EXPECT_EQ(Lines(sum.output)[0]["messageCount"], "4");
  const CliResult each = RunOnBoth({"stats", topic_, "--by-node"});
  EXPECT_THAT(each.output, AllOf(StartsWith("NODE "), HasSubstr("(all)"),
                                 HasSubstr(other_.grpc_address())));
}

TEST_F(ManyNodes, AreWatchedTogether) {
  RunOnBoth({"topic", "create", topic_});
  SluiceProcess::Options options =
      With({"stats", topic_, "--watch=100ms", "--timeout=10s",
            "--address=" + node_->grpc_address(),
            "--address=" + other_.grpc_address()});
  SluiceProcess watch(std::move(options));
  EXPECT_TRUE(watch.WaitForOutput("\n\nTOPIC "));
  watch.Signal(SIGINT);
  EXPECT_EQ(watch.Wait(), kInterrupted);
}

TEST_F(ManyNodes, AreReportedOneByOneWhenOneIsAway) {
  RunOnBoth({"topic", "create", topic_});
  other_.Kill(SIGKILL);
  other_.Wait();
  const CliResult list = RunOnBoth({"topic", "info", topic_});
  EXPECT_EQ(list.code, kUnavailable);
  EXPECT_THAT(list.output, HasSubstr(node_->grpc_address()));
  EXPECT_THAT(list.error, HasSubstr(other_.grpc_address()));
  EXPECT_EQ(RunOnBoth({"health"}).code, kUnavailable);
  const CliResult nodes = RunOnBoth({"nodes", "--output=jsonl"});
  EXPECT_EQ(nodes.code, kUnavailable);
  const std::vector<json> lines = Lines(nodes.output);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["state"], "ok");
  EXPECT_EQ(lines[1]["state"], "unreachable");
}

TEST_F(ManyNodes, GetPublishesWhereOneLives) {
  const CliResult published =
      Run({"pub", topic_, "-m", "a", "--address=127.0.0.1:9",
           "--address=" + other_.grpc_address()});
  EXPECT_EQ(published.code, kOk) << published.error;
  EXPECT_EQ(
      Run({"sub", topic_, "c", "-n", "1", "--address=" + other_.grpc_address()})
          .output,
      "a\n");
}

TEST_F(ManyNodes, AreConsumedTogether) {
  for (const std::string& address :
       {node_->grpc_address(), other_.grpc_address()}) {
    ASSERT_EQ(Run({"pub", topic_, "-m", address, "--address=" + address}).code,
              kOk);
  }
  const CliResult both = RunOnBoth({"sub", topic_, "c", "-n", "2"});
  EXPECT_EQ(both.code, kOk) << both.error;
  EXPECT_THAT(both.output, AllOf(HasSubstr(node_->grpc_address()),
                                 HasSubstr(other_.grpc_address())));
  EXPECT_EQ(RunOnBoth({"sub", topic_, "c", "--timeout=300ms"}).code,
            kUnavailable);
}

TEST_F(ManyNodes, AreNamedInJsonLines) {
  for (const std::string& address :
       {node_->grpc_address(), other_.grpc_address()}) {
    ASSERT_EQ(Run({"pub", topic_, "-m", "a", "--address=" + address}).code,
              kOk);
  }
  const CliResult both =
      RunOnBoth({"sub", topic_, "c", "-n", "2", "--output=jsonl"});
  const std::vector<json> lines = Lines(both.output);
  ASSERT_EQ(lines.size(), 2u) << both.error;
  EXPECT_EQ(lines[0]["messageId"], lines[1]["messageId"]);
  EXPECT_THAT((std::vector<std::string>{lines[0]["node"], lines[1]["node"]}),
              ::testing::UnorderedElementsAre(node_->grpc_address(),
                                              other_.grpc_address()));
}

TEST_F(ManyNodes, AreLeftWhatIsBeyondTheLimit) {
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b", "c"}).code, kOk);
  EXPECT_EQ(RunOnBoth({"sub", topic_, "c", "-n", "2"}).code, kOk);
  EXPECT_TRUE(WaitForStats("\"depth\":\"1\",\"inFlightCount\":\"0\""));
  EXPECT_EQ(RunOnBoth({"sub", topic_, "c", "-n", "1", "--requeue"}).code, kOk);
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "1"}).output, "c\n");
}

TEST_F(ManyNodes, AreTooManyToPeekAt) {
  EXPECT_EQ(RunOnBoth({"peek", topic_}).code, kUsage);
}

TEST_F(ManyNodes, AreWellTogether) {
  const CliResult health = RunOnBoth({"health"});
  EXPECT_EQ(health.code, kOk);
  EXPECT_THAT(health.output, StartsWith("NODE "));
  const CliResult nodes = RunOnBoth({"nodes"});
  EXPECT_EQ(nodes.code, kOk) << nodes.error;
  EXPECT_THAT(nodes.output, HasSubstr(other_.grpc_address()));
  EXPECT_THAT(nodes.error, IsEmpty());
}

}  // namespace
}  // namespace sluice
