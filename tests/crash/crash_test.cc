// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Kills a node again and again while clients publish and consume, and judges
// what they saw.
//   --seed=N   repeats a run as far as time allows; each run prints its seed
//   --kills=N  40 unless told
#include <signal.h>

#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/crash/judge.h"
#include "tests/crash/workload.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

uint32_t seed = 0;  // 0: choose one
int kills = 40;

// Between 50 ms and 3 s, and mostly short: a crash soon after a start meets
// what a crash long after one does not.
absl::Duration RandomLife(std::mt19937& random) {
  const double share = static_cast<double>(random() % 1000) / 1000;
  return absl::Milliseconds(50) +
         absl::Milliseconds(2950) * (share * share * share * share);
}

class CrashTest : public testing::Test {
 protected:
  void Start() {
    const absl::Status status = node_.Start();
    ASSERT_TRUE(status.ok()) << status;
  }

  // Publishers and consumers at work for a while, then the end.
  void WorkUntilKilled(std::mt19937& random) {
    std::vector<std::thread> threads;
    for (const auto& workload : workloads_) {
      workload->Start(node_.grpc_address(), random, &threads);
    }
    absl::SleepFor(RandomLife(random));
    for (const auto& workload : workloads_) workload->NoteKill();
    node_.Kill(SIGKILL);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(node_.Wait(), 128 + SIGKILL) << node_.standard_error();
  }

  NodeProcess node_;
  std::vector<std::unique_ptr<Workload>> workloads_;
};

TEST_F(CrashTest, KeepsItsWordWhateverIsKilledWhenever) {
  if (seed == 0) seed = std::random_device()() | 1;
  std::cout << "--seed=" << seed << " --kills=" << kills << std::endl;
  std::mt19937 random(seed);
  ASSERT_NO_FATAL_FAILURE(Start());
  {
    NodeClient client(node_.grpc_address());
    for (const auto level : {v1::DURABILITY_DISK, v1::DURABILITY_OS}) {
      workloads_.push_back(std::make_unique<Workload>(level));
      workloads_.back()->Create(client);
    }
  }
  for (int i = 0; i < kills && !HasFailure(); ++i) {
    WorkUntilKilled(random);
    ASSERT_NO_FATAL_FAILURE(Start());
  }
  for (const auto& workload : workloads_) {
    workload->Drain(node_.grpc_address(), random);
    const Verdict verdict = workload->Judge();
    std::cout << workload->topic() << ": " << verdict.Summary() << std::endl;
    EXPECT_TRUE(verdict.violations.empty())
        << absl::StrJoin(verdict.violations, "\n");
    EXPECT_GT(verdict.published, 0u);
    EXPECT_GT(verdict.letters, 0u);
  }
}

}  // namespace

bool ReadFlag(absl::string_view argument) {
  if (absl::ConsumePrefix(&argument, "--seed=")) {
    return absl::SimpleAtoi(argument, &seed);
  }
  return absl::ConsumePrefix(&argument, "--kills=") &&
         absl::SimpleAtoi(argument, &kills);
}

}  // namespace sluice

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (!sluice::ReadFlag(argv[i])) {
      std::cerr << "not understood: " << argv[i] << std::endl;
      return 2;
    }
  }
  return RUN_ALL_TESTS();
}
