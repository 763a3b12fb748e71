// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/confirmation.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;

class ConfirmationTest : public ::testing::Test {
 protected:
  absl::Status Answer(const std::string& text) {
    std::istringstream answers(text);
    return Confirm(confirmation_, answers, questions_);
  }

  Confirmation confirmation_{"deletes topic \"x\"", "x"};
  std::ostringstream questions_;
};

TEST_F(ConfirmationTest, IsNotNeededWithYes) {
  confirmation_.yes = true;
  EXPECT_TRUE(Answer("").ok());
  EXPECT_EQ(questions_.str(), "");
}

TEST_F(ConfirmationTest, IsRefusedWhenNobodyCanBeAsked) {
  const absl::Status status = Answer("x\n");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("--yes"));
}

TEST_F(ConfirmationTest, WantsTheExactName) {
  confirmation_.interactive = true;
  EXPECT_TRUE(Answer("x\n").ok());
  EXPECT_THAT(questions_.str(), HasSubstr("deletes topic \"x\""));
  EXPECT_FALSE(Answer("X\n").ok());
  EXPECT_FALSE(Answer("y\n").ok());
  EXPECT_FALSE(Answer("").ok());
}

}  // namespace
}  // namespace sluice
