// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/flight_budget.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(FlightBudget, BoundsMessagesAndBytes) {
  FlightBudget budget(3, 100);
  EXPECT_TRUE(budget.Fits(1, 60));
  budget.Take(1, 60);
  EXPECT_TRUE(budget.Fits(1, 40));
  EXPECT_FALSE(budget.Fits(1, 41));
  EXPECT_TRUE(budget.Fits(2, 40));
  EXPECT_FALSE(budget.Fits(3, 1));
  budget.GiveBack(1, 60);
  EXPECT_EQ(budget.messages(), 0u);
  EXPECT_EQ(budget.bytes(), 0u);
}

TEST(FlightBudget, OneOfAnySizeFitsAlone) {
  FlightBudget budget(1, 10);
  EXPECT_TRUE(budget.Fits(5, 1000));
  budget.Take(5, 1000);
  EXPECT_FALSE(budget.Fits(1, 0));
}

}  // namespace
}  // namespace sluice
