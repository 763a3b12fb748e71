// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/command_results.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

// "7:OK 8:NOT_IN_FLIGHT"
std::string Drain(CommandResults* results) {
  v1::CommandResults frame;
  results->FillFrame(&frame);
  std::string text;
  for (const auto& result : frame.results()) {
    absl::StrAppend(
        &text, text.empty() ? "" : " ", result.delivery_id(), ":",
        result.outcome() == v1::COMMAND_OUTCOME_OK ? "OK" : "NOT_IN_FLIGHT");
  }
  return text;
}

TEST(CommandResults, OnlyFailuresUnlessConfirmed) {
  CommandResults results;
  results.Add(v1::COMMAND_KIND_FINISH, {1, 2, 3}, {2}, false);
  EXPECT_EQ(Drain(&results), "2:NOT_IN_FLIGHT");
  results.Add(v1::COMMAND_KIND_FINISH, {1, 2, 3}, {}, false);
  EXPECT_TRUE(results.empty());
}

TEST(CommandResults, ConfirmsInTheOrderOfTheCommand) {
  CommandResults results;
  results.Add(v1::COMMAND_KIND_TOUCH, {1, 2, 3}, {3, 1}, true);
  EXPECT_EQ(Drain(&results), "1:NOT_IN_FLIGHT 2:OK 3:NOT_IN_FLIGHT");
  EXPECT_TRUE(results.empty());
}

TEST(CommandResults, AnIdNamedTwiceFailsTheSecondTime) {
  CommandResults results;
  results.Add(v1::COMMAND_KIND_FINISH, {5, 5}, {5}, true);
  EXPECT_EQ(Drain(&results), "5:OK 5:NOT_IN_FLIGHT");
}

TEST(CommandResults, AFrameIsBounded) {
  CommandResults results;
  const std::vector<DeliveryId> ids(CommandResults::kMaxPerFrame + 1, 4);
  results.Add(v1::COMMAND_KIND_FINISH, ids, ids, false);
  EXPECT_TRUE(results.full());
  v1::CommandResults frame;
  results.FillFrame(&frame);
  EXPECT_EQ(frame.results_size(),
            static_cast<int>(CommandResults::kMaxPerFrame));
  EXPECT_FALSE(results.full());
  EXPECT_EQ(Drain(&results), "4:NOT_IN_FLIGHT");
}

}  // namespace
}  // namespace sluice
