// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Runs the example while its node is killed and started again.
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

constexpr int kOrders = 1000;

// Runs a command; what it wrote, and its exit code.
std::string RunCommand(const std::string& command, int* code) {
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  char buffer[256];
  while (fgets(buffer, sizeof(buffer), pipe) != nullptr) output += buffer;
  *code = WEXITSTATUS(pclose(pipe));
  return output;
}

TEST(EffectivelyOnce, NothingIsLostOrCountsTwiceThoughTheNodeIsKilled) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  const std::string address = node.grpc_address();
  // It comes back where its clients look for it.
  node.set_flags({absl::StrCat("--grpc-address=", address)});
  std::string output;
  int code = -1;
  std::thread example([&] {
    output =
        RunCommand(absl::StrCat("examples/effectively_once/effectively_once ",
                                address, " ", kOrders),
                   &code);
  });
  for (int kill = 0; kill < 2; ++kill) {
    NodeClient client(address);
    const uint64_t some = kill == 0 ? 50 : 20;
    EXPECT_TRUE(Eventually([&] {
      v1::GetStatsResponse stats;
      return client.Call(v1::GetStatsRequest(), &stats).ok() &&
             stats.topics_size() == 1 && stats.topics(0).message_count() > some;
    }));
    node.Kill(SIGKILL);
    node.Wait();
    ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  }
  example.join();
  EXPECT_EQ(code, 0) << output;
  EXPECT_THAT(output, testing::HasSubstr(absl::StrCat(kOrders, " orders sent, ",
                                                      kOrders, " applied")));
}

}  // namespace
}  // namespace sluice
