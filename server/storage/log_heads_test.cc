// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/log_heads.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(LogHeads, KnowsWhatWasSet) {
  LogHeads heads;
  EXPECT_FALSE(heads.Find(1).has_value());
  heads.Set(1, {10, 1000});
  EXPECT_EQ(heads.Find(1)->sequence, 10u);
  EXPECT_EQ(heads.Find(1)->log_offset, 1000u);
  EXPECT_FALSE(heads.Find(2).has_value());
}

TEST(LogHeads, ForgetsWhatIsErased) {
  LogHeads heads;
  heads.Set(1, {10, 1000});
  heads.Set(2, {20, 2000});
  heads.Erase(1);
  EXPECT_FALSE(heads.Find(1).has_value());
  EXPECT_TRUE(heads.Find(2).has_value());
}

TEST(LogHeads, LowersAKnownHeadOnly) {
  LogHeads heads;
  heads.Lower(1, {5, 500});
  EXPECT_FALSE(heads.Find(1).has_value()) << "there may be something below";
  heads.Set(1, {10, 1000});
  heads.Lower(1, {20, 2000});
  EXPECT_EQ(heads.Find(1)->sequence, 10u);
  heads.Lower(1, {5, 500});
  EXPECT_EQ(heads.Find(1)->sequence, 5u);
  EXPECT_EQ(heads.Find(1)->log_offset, 500u);
}

}  // namespace
}  // namespace sluice
