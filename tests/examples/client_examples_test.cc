// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Runs the examples of the client library against nodes that are killed.
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Runs a command of the shell; what it wrote, and its exit code.
std::string RunCommand(const std::string& command, int* code) {
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  char buffer[256];
  while (fgets(buffer, sizeof(buffer), pipe) != nullptr) output += buffer;
  *code = WEXITSTATUS(pclose(pipe));
  return output;
}

class ClientExamplesTest : public testing::Test {
 protected:
  void StartNodes(int count) {
    for (int i = 0; i < count; ++i) {
      nodes_.push_back(std::make_unique<NodeProcess>());
      NodeProcess& node = *nodes_.back();
      ASSERT_TRUE(node.Start().ok()) << node.standard_error();
      node.set_flags({absl::StrCat("--grpc-address=", node.grpc_address())});
      addresses_ += " " + node.grpc_address();
    }
  }
  void KillAndRestart(size_t i) {
    nodes_[i]->Kill(SIGKILL);
    nodes_[i]->Wait();
    ASSERT_TRUE(nodes_[i]->Start().ok()) << nodes_[i]->standard_error();
  }

  std::vector<std::unique_ptr<NodeProcess>> nodes_;
  std::string addresses_;
};

TEST_F(ClientExamplesTest, WhatTheProducerPublishesTheConsumerPrints) {
  StartNodes(1);
  int code = -1;
  const std::string published =
      RunCommand(absl::StrCat("seq 1 500 | examples/producer/producer numbers",
                              addresses_),
                 &code);
  EXPECT_EQ(code, 0);
  EXPECT_EQ(published, "500 published\n");
  // It runs until it is told to stop, here after a while without messages.
  const std::string consumed =
      RunCommand(absl::StrCat("timeout --signal=INT --preserve-status 3 "
                              "examples/consumer/consumer numbers print",
                              addresses_, " 2>&1"),
                 &code);
  EXPECT_EQ(code, 0) << consumed;
  EXPECT_THAT(consumed, StartsWith("1\n2\n3\n"));
  EXPECT_THAT(consumed, HasSubstr("500 finished"));
}

TEST_F(ClientExamplesTest, ARedundantPairLosesNothingThoughEitherNodeIsKilled) {
  StartNodes(2);
  std::string output;
  int code = -1;
  std::thread example([&] {
    output = RunCommand(absl::StrCat("examples/redundant_pair/redundant_pair",
                                     addresses_, " 3000"),
                        &code);
  });
  for (const size_t i : {0, 1}) {
    NodeClient client(nodes_[i]->grpc_address());
    EXPECT_TRUE(Eventually([&] {
      v1::GetStatsResponse stats;
      return client.Call(v1::GetStatsRequest(), &stats).ok() &&
             stats.topics_size() == 1 && stats.topics(0).message_count() > 200;
    }));
    KillAndRestart(i);
  }
  example.join();
  EXPECT_EQ(code, 0) << output;
  EXPECT_THAT(output, HasSubstr("3000 published, 0 failed, 3000 worked on"));
}

}  // namespace
}  // namespace sluice
