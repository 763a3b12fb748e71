// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/cli_test_fixture.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace sluice {

NodeProcess* CliTest::node_ = nullptr;

void CliTest::SetUpTestSuite() {
  if (node_ != nullptr) return;
  node_ = new NodeProcess();
  ASSERT_TRUE(node_->Start().ok());
}

void CliTest::TearDownTestSuite() {
  delete node_;
  node_ = nullptr;
}

CliTest::CliTest() {
  const ::testing::TestInfo* test =
      ::testing::UnitTest::GetInstance()->current_test_info();
  // Short enough for a name, and of its own for each test of all files.
  topic_ = absl::StrCat(test->test_suite_name(), "-", test->line());
}

SluiceProcess::Options CliTest::With(std::vector<std::string> arguments) const {
  SluiceProcess::Options options;
  options.arguments = std::move(arguments);
  options.environment["SLUICE_ADDRESS"] = node_->grpc_address();
  return options;
}

CliResult CliTest::Run(std::vector<std::string> arguments,
                       const std::string& input) const {
  SluiceProcess::Options options = With(std::move(arguments));
  options.input = input;
  SluiceProcess process(std::move(options));
  CliResult result;
  result.code = process.Wait();
  result.output = process.output();
  result.error = process.error();
  return result;
}

void CliTest::MakeChannel() const {
  ASSERT_EQ(Run({"topic", "create", topic_}).code, kOk);
  ASSERT_EQ(Run({"channel", "create", topic_, "c"}).code, kOk);
}

bool CliTest::WaitForStats(const std::string& field) const {
  for (int i = 0; i < 200; ++i) {
    const CliResult stats = Run({"stats", topic_, "--output=jsonl"});
    if (absl::StrContains(stats.output, field)) return true;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return false;
}

}  // namespace sluice
