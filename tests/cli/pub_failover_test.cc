// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What `sluice pub` makes of nodes that die, and come back or do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/cli/cli_test_fixture.h"

namespace sluice {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class PubFailover : public CliTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(dying_.Start().ok());
    // Where it comes back.
    dying_.set_flags({absl::StrCat("--grpc-address=", dying_.grpc_address())});
  }

  SluiceProcess::Options Publisher(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"pub", topic_});
    SluiceProcess::Options options = With(std::move(arguments));
    options.environment["SLUICE_ADDRESS"] = dying_.grpc_address();
    options.open_input = true;
    return options;
  }

  // Publishes "first" and returns when it is stored.
  void PublishFirst(SluiceProcess* pub) {
    pub->WriteInput("first\n");
    EXPECT_EQ(Consume({"-n", "1"}, dying_.grpc_address()), "first\n");
  }

  void KillNode() {
    dying_.Kill(SIGKILL);
    dying_.Wait();
  }

  // What a channel of its own has on the node.
  std::string Consume(std::vector<std::string> flags,
                      const std::string& address) const {
    flags.insert(flags.begin(), {"sub", topic_, "c", "--address=" + address});
    return Run(flags).output;
  }

  static std::string Lines(int first, int count) {
    std::string lines;
    for (int i = first; i < first + count; ++i) {
      absl::StrAppend(&lines, "line ", i, "\n");
    }
    return lines;
  }
  static std::multiset<std::string> Sorted(const std::string& text) {
    std::multiset<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.insert(line);
    return lines;
  }

  NodeProcess dying_;
};

TEST_F(PubFailover, GoesOnWithAnotherNodeWhenOneIsKilled) {
  SluiceProcess pub(Publisher({"--address=" + dying_.grpc_address(),
                               "--address=" + node_->grpc_address()}));
  PublishFirst(&pub);
  pub.WriteInput(Lines(0, 3000));
  KillNode();
  pub.WriteInput(Lines(3000, 2000));
  pub.CloseInput();
  EXPECT_EQ(pub.Wait(), kOk) << pub.error();
  EXPECT_THAT(pub.error(),
              HasSubstr("no connection to " + dying_.grpc_address()));
  ASSERT_TRUE(dying_.Start().ok());
  const std::string received =
      Consume({"--timeout=2s"}, dying_.grpc_address()) +
      Consume({"--timeout=2s"}, node_->grpc_address());
  const std::multiset<std::string> lines = Sorted(received);
  for (const std::string& line : Sorted(Lines(0, 5000))) {
    ASSERT_GE(lines.count(line), 1u) << line;
  }
  // The last came when it was dead.
  EXPECT_THAT(Sorted(received), Contains("line 4999"));
}

TEST_F(PubFailover, WaitsForANodeThatComesBackAndStoresAllOnce) {
  SluiceProcess pub(Publisher({}));
  PublishFirst(&pub);
  pub.WriteInput(Lines(0, 3000));
  KillNode();
  pub.WriteInput(Lines(3000, 1000));
  ASSERT_TRUE(pub.WaitForError("; trying again"));
  ASSERT_TRUE(dying_.Start().ok());
  pub.CloseInput();
  EXPECT_EQ(pub.Wait(), kOk) << pub.error();
  EXPECT_EQ(Sorted(pub.error()).size(), 1u) << pub.error();
  // "first" may come again: it was finished just before.
  std::multiset<std::string> lines =
      Sorted(Consume({"--timeout=2s"}, dying_.grpc_address()));
  lines.erase("first");
  EXPECT_TRUE(lines == Sorted(Lines(0, 4000))) << lines.size();
}

TEST_F(PubFailover, GivesNothingUpWhileNothingWaits) {
  SluiceProcess pub(Publisher({"--give-up-after=10s"}));
  PublishFirst(&pub);
  KillNode();
  // Not that it would give up: nothing is lost.
  ASSERT_TRUE(pub.WaitForError("; trying again\n"));
  ASSERT_TRUE(dying_.Start().ok());
  pub.WriteInput("second\n");
  pub.CloseInput();
  EXPECT_EQ(pub.Wait(), kOk) << pub.error();
  EXPECT_THAT(Consume({"--timeout=1s"}, dying_.grpc_address()),
              HasSubstr("second\n"));
}

TEST_F(PubFailover, SaysWhatHadNoAnswerWhenANodeStaysAway) {
  SluiceProcess pub(Publisher({"--give-up-after=500ms"}));
  PublishFirst(&pub);
  KillNode();
  pub.WriteInput("b\n\nc\n");
  EXPECT_EQ(pub.Wait(), kUnavailable);
  EXPECT_THAT(pub.error(), HasSubstr(absl::StrCat(
                               "sluice: nothing was answered for 500ms: no "
                               "connection to ",
                               dying_.grpc_address())));
  EXPECT_THAT(pub.error(), HasSubstr("2 messages were not answered, records 2 "
                                     "to 4; they may have been published"));
  EXPECT_THAT(pub.error(), HasSubstr("published 1 message to "));
}

TEST_F(PubFailover, EndsAtOnceWhenItIsInterruptedWhileItWaits) {
  SluiceProcess pub(Publisher({}));
  PublishFirst(&pub);
  KillNode();
  pub.WriteInput("b\n");
  ASSERT_TRUE(pub.WaitForError("; trying again"));
  pub.Signal(SIGINT);
  EXPECT_EQ(pub.Wait(absl::Seconds(10)), kInterrupted);
  EXPECT_THAT(pub.error(), HasSubstr("1 message was not answered, record 2; "));
}

TEST_F(PubFailover, GoesOnWithAnotherNodeWhenOneIsStopped) {
  SluiceProcess pub(Publisher({"--address=" + dying_.grpc_address(),
                               "--address=" + node_->grpc_address()}));
  PublishFirst(&pub);
  dying_.Kill(SIGTERM);
  EXPECT_EQ(dying_.Wait(), 0);
  pub.WriteInput("second\n");
  EXPECT_EQ(Consume({"-n", "1"}, node_->grpc_address()), "second\n");
  pub.CloseInput();
  EXPECT_EQ(pub.Wait(), kOk) << pub.error();
}

}  // namespace
}  // namespace sluice
