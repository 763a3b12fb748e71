// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/ready_window.h"

#include <random>

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(ReadyWindow, StaysOpenWithoutALimit) {
  ReadyWindow window(std::nullopt, 2500);
  EXPECT_EQ(window.level(), 2500u);
  EXPECT_FALSE(window.EndLeases(1000000));
  EXPECT_EQ(window.level(), 2500u);
}

TEST(ReadyWindow, StartsNoHigherThanTheLimit) {
  EXPECT_EQ(ReadyWindow(3, 2500).level(), 3u);
  EXPECT_EQ(ReadyWindow(5000, 2500).level(), 2500u);
  EXPECT_EQ(ReadyWindow(0, 2500).level(), 0u);
}

TEST(ReadyWindow, FallsOnlyNearTheEnd) {
  ReadyWindow window(10, 4);
  EXPECT_FALSE(window.EndLeases(6));
  EXPECT_EQ(window.level(), 4u);
  EXPECT_TRUE(window.EndLeases(1));
  EXPECT_EQ(window.level(), 3u);
  EXPECT_TRUE(window.EndLeases(3));
  EXPECT_EQ(window.level(), 0u);
  EXPECT_FALSE(window.EndLeases(1));
}

// A node that always delivers as much as it may, and a client that ends its
// leases in pieces.
TEST(ReadyWindow, NeverLetsANodeDeliverMoreThanTheLimit) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    const uint64_t limit = random() % 50;
    ReadyWindow window(limit, 1 + random() % 20);
    uint64_t delivered = 0;
    uint64_t leased = 0;
    while (true) {
      const uint64_t more =
          window.level() > leased ? window.level() - leased : 0;
      delivered += more;
      leased += more;
      if (leased == 0) break;
      const uint64_t ended = 1 + random() % leased;
      window.EndLeases(ended);
      leased -= ended;
    }
    EXPECT_EQ(delivered, limit);
  }
}

}  // namespace
}  // namespace sluice
