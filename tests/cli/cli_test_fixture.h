// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CLI_CLI_TEST_FIXTURE_H_
#define SLUICE_TESTS_CLI_CLI_TEST_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/cli/sluice_process.h"
#include "tests/node_process.h"

namespace sluice {

// Exit codes of `sluice`, as scripts see them.
constexpr int kOk = 0;
constexpr int kFailure = 1;
constexpr int kUsage = 2;
constexpr int kNotFound = 3;
constexpr int kUnavailable = 4;
constexpr int kInterrupted = 130;

// What a run came to.
struct CliResult {
  int code = -1;
  std::string output;
  std::string error;
};

// A node for all tests, and a topic name for each.
class CliTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  CliTest();

  // Runs `sluice` with these arguments to its end; SLUICE_ADDRESS names the
  // node.
  CliResult Run(std::vector<std::string> arguments,
                const std::string& input = "") const;

  // Options for a run of its own, with the address set.
  SluiceProcess::Options With(std::vector<std::string> arguments) const;

  // A topic with a channel "c" that waits for messages.
  void MakeChannel() const;

  // Waits until `sluice stats` says that channel "c" of the topic has such a
  // field, as `"depth":"2"`.
  bool WaitForStats(const std::string& field) const;

  static NodeProcess* node_;
  std::string topic_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CLI_CLI_TEST_FIXTURE_H_
