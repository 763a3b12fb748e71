// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// How the verbs that stream come to an end before their work is done.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/cli/cli_test_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;

class Interruption : public CliTest {};

TEST_F(Interruption, EndsASubscriptionThatHasFinishedWhatItWrote) {
  MakeChannel();
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b"}).code, kOk);
  SluiceProcess sub(With({"sub", topic_, "c"}));
  ASSERT_TRUE(sub.WaitForOutput("a\nb\n"));
  sub.Signal(SIGINT);
  EXPECT_EQ(sub.Wait(), kInterrupted);
  EXPECT_EQ(sub.error(), "");
  EXPECT_TRUE(WaitForStats("\"finishCount\":\"2\""));
  EXPECT_TRUE(WaitForStats("\"clientCount\":\"0\""));
}

TEST_F(Interruption, EndsATailAndAWatchAndAPublisher) {
  MakeChannel();
  SluiceProcess::Options publisher = With({"pub", topic_});
  publisher.open_input = true;
  SluiceProcess pub(std::move(publisher));
  SluiceProcess tail(With({"tail", topic_}));
  SluiceProcess watch(With({"stats", "--watch=200ms"}));
  ASSERT_TRUE(WaitForStats("#ephemeral"));
  pub.WriteInput("a\n");
  ASSERT_TRUE(tail.WaitForOutput("a\n"));
  ASSERT_TRUE(watch.WaitForOutput("OUT/S"));
  for (SluiceProcess* process : {&pub, &tail, &watch}) {
    process->Signal(SIGTERM);
    EXPECT_EQ(process->Wait(), kInterrupted);
  }
}

TEST_F(Interruption, GivesBackWhatItHeldToRequeue) {
  MakeChannel();
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b"}).code, kOk);
  SluiceProcess sub(With({"sub", topic_, "c", "-n", "5", "--requeue"}));
  ASSERT_TRUE(sub.WaitForOutput("a\nb\n"));
  EXPECT_TRUE(WaitForStats("\"inFlightCount\":\"2\""));
  sub.Signal(SIGINT);
  EXPECT_EQ(sub.Wait(), kInterrupted);
  EXPECT_TRUE(WaitForStats("\"depth\":\"2\""));
}

// A reader that takes one message and goes, as `head -n 1` does.
TEST_F(Interruption, LosesNothingWhenTheReaderGoesAway) {
  MakeChannel();
  std::string lines;
  for (int i = 0; i < 20000; ++i) {
    absl::StrAppend(&lines, "a line that is long enough to fill a pipe ", i,
                    "\n");
  }
  ASSERT_EQ(Run({"pub", topic_}, lines).code, kOk);
  int fds[2];
  ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);
  SluiceProcess::Options options = With({"sub", topic_, "c"});
  options.output_fd = fds[1];
  SluiceProcess sub(std::move(options));
  close(fds[1]);
  char first[1024];
  ASSERT_GT(read(fds[0], first, sizeof first), 0);
  close(fds[0]);
  EXPECT_EQ(sub.Wait(), kFailure);
  EXPECT_EQ(sub.error(), "");
  // A pipe holds 64 KiB; all that did not go in is still there.
  const CliResult rest = Run({"sub", topic_, "c", "--timeout=2s"});
  EXPECT_GT(rest.output.size(), lines.size() - 2 * (64 << 10));
  EXPECT_THAT(rest.output, HasSubstr("fill a pipe 19999\n"));
}

TEST_F(Interruption, NoticesAReaderThatGoesWhileNothingComes) {
  MakeChannel();
  int fds[2];
  ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);
  SluiceProcess::Options options = With({"sub", topic_, "c"});
  options.output_fd = fds[1];
  SluiceProcess sub(std::move(options));
  close(fds[1]);
  ASSERT_TRUE(WaitForStats("\"clientCount\":\"1\""));
  close(fds[0]);
  EXPECT_EQ(sub.Wait(), kFailure);
}

TEST_F(Interruption, TimesOutAPublisherThatGetsNoInput) {
  SluiceProcess::Options options = With({"pub", topic_, "--timeout=200ms"});
  options.open_input = true;
  SluiceProcess pub(std::move(options));
  EXPECT_EQ(pub.Wait(), kUnavailable);
}

TEST_F(Interruption, EndsWhenTheTopicIsDeleted) {
  MakeChannel();
  SluiceProcess sub(With({"sub", topic_, "c"}));
  ASSERT_TRUE(WaitForStats("\"clientCount\":\"1\""));
  ASSERT_EQ(Run({"topic", "rm", topic_, "--yes"}).code, kOk);
  EXPECT_EQ(sub.Wait(), kNotFound);
  EXPECT_THAT(sub.error(), HasSubstr("[TOPIC_NOT_FOUND]"));
}

TEST_F(Interruption, IsUnavailableWhenTheNodeGoesAway) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok());
  SluiceProcess::Options options = With({"sub", "t", "c"});
  options.environment["SLUICE_ADDRESS"] = node.grpc_address();
  SluiceProcess sub(options);
  options.arguments = {"pub", "t", "--give-up-after=300ms"};
  options.open_input = true;
  SluiceProcess pub(options);
  pub.WriteInput("a\n");
  ASSERT_TRUE(sub.WaitForOutput("a\n"));
  node.Kill(SIGKILL);
  node.Wait();
  EXPECT_EQ(sub.Wait(), kUnavailable);
  // It waits for input, and then for the node, though not for long.
  pub.WriteInput("b\n");
  EXPECT_EQ(pub.Wait(), kUnavailable);
}

TEST_F(Interruption, IsUnavailableWhenTheNodeDrains) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok());
  SluiceProcess::Options options = With({"sub", "t", "c"});
  options.environment["SLUICE_ADDRESS"] = node.grpc_address();
  SluiceProcess sub(options);
  options.arguments = {"pub", "t", "-m", "a"};
  SluiceProcess pub(options);
  ASSERT_TRUE(sub.WaitForOutput("a\n"));
  node.Kill(SIGTERM);
  EXPECT_EQ(sub.Wait(), kUnavailable);
  EXPECT_EQ(node.Wait(), 0);
}

}  // namespace
}  // namespace sluice
