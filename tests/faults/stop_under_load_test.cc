// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// SIGTERM while clients publish and consume at full speed.
#include <signal.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/crash/judge.h"
#include "tests/crash/workload.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

// The workload accepts no error but those of a node that goes.
TEST(StopUnderLoadTest, LosesAndRepeatsNothing) {
  std::mt19937 random(20261124);
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  Workload workload(v1::DURABILITY_DISK);
  {
    NodeClient client(node.grpc_address());
    workload.Create(client);
  }
  for (int i = 0; i < 3; ++i) {
    std::vector<std::thread> threads;
    workload.Start(node.grpc_address(), random, &threads);
    absl::SleepFor(absl::Milliseconds(500));
    node.Kill(SIGTERM);
    // Publishers go on into the refusals until the node is gone.
    EXPECT_EQ(node.Wait(), 0) << node.standard_error();
    workload.NoteStop();
    for (std::thread& thread : threads) thread.join();
    ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  }
  workload.Drain(node.grpc_address(), random);
  const Verdict verdict = workload.Judge();
  EXPECT_TRUE(verdict.violations.empty())
      << absl::StrJoin(verdict.violations, "\n");
  EXPECT_EQ(verdict.repeats, 0u);
  EXPECT_GT(verdict.published, 100u);
}

}  // namespace
}  // namespace sluice
