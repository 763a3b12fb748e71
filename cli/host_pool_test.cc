// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/host_pool.h"

#include <vector>

#include "base/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using Mode = HostPool::Mode;

constexpr absl::Duration kFast = absl::Milliseconds(1);

class HostPoolTest : public ::testing::Test {
 protected:
  HostPool Pool(size_t hosts, Mode mode) {
    return HostPool(hosts, mode, clock_, [this] { return random_; });
  }
  static std::vector<size_t> Picks(HostPool* pool, int count) {
    std::vector<size_t> picks;
    for (int i = 0; i < count; ++i) picks.push_back(pool->Pick());
    return picks;
  }

  FakeClock clock_;
  double random_ = 0.5;
};

TEST_F(HostPoolTest, TakesOneAfterTheOther) {
  HostPool pool = Pool(3, Mode::kHostPool);
  EXPECT_THAT(Picks(&pool, 4), ElementsAre(0, 1, 2, 0));
}

TEST_F(HostPoolTest, LeavesAloneWhatFailedForAWhile) {
  HostPool pool = Pool(3, Mode::kHostPool);
  pool.Report(1, false, kFast);
  EXPECT_THAT(Picks(&pool, 4), ElementsAre(0, 2, 0, 2));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(Picks(&pool, 3), ElementsAre(0, 1, 2));
}

TEST_F(HostPoolTest, WaitsLongerAfterEachFailure) {
  HostPool pool = Pool(2, Mode::kHostPool);
  for (int i = 0; i < 3; ++i) pool.Report(1, false, kFast);
  clock_.Advance(absl::Seconds(3));
  EXPECT_THAT(Picks(&pool, 2), ElementsAre(0, 0));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(Picks(&pool, 2), ElementsAre(1, 0));
  for (int i = 0; i < 1000; ++i) pool.Report(1, false, kFast);
  clock_.Advance(absl::Minutes(1));
  EXPECT_THAT(Picks(&pool, 2), ElementsAre(1, 0));
}

TEST_F(HostPoolTest, ForgetsFailuresAfterASuccess) {
  HostPool pool = Pool(2, Mode::kHostPool);
  pool.Report(1, false, kFast);
  pool.Report(1, true, kFast);
  EXPECT_THAT(Picks(&pool, 2), ElementsAre(0, 1));
}

TEST_F(HostPoolTest, TriesTheFirstThatMayBeTriedWhenAllFailed) {
  HostPool pool = Pool(2, Mode::kHostPool);
  pool.Report(0, false, kFast);
  pool.Report(0, false, kFast);
  pool.Report(1, false, kFast);
  EXPECT_THAT(Picks(&pool, 2), ElementsAre(1, 1));
}

TEST_F(HostPoolTest, AsksAllInTurnEvenThoseThatFailed) {
  HostPool pool = Pool(2, Mode::kRoundRobin);
  pool.Report(0, false, kFast);
  EXPECT_THAT(Picks(&pool, 3), ElementsAre(0, 1, 0));
}

TEST_F(HostPoolTest, PrefersTheFastest) {
  HostPool pool = Pool(2, Mode::kEpsilonGreedy);
  pool.Report(0, true, absl::Milliseconds(20));
  pool.Report(1, true, absl::Milliseconds(5));
  EXPECT_THAT(Picks(&pool, 3), ElementsAre(1, 1, 1));
  // It becomes slow, which shows after some answers.
  for (int i = 0; i < 30; ++i) pool.Report(1, true, absl::Seconds(1));
  EXPECT_EQ(pool.Pick(), 0u);
}

TEST_F(HostPoolTest, TriesAnotherNowAndThen) {
  HostPool pool = Pool(2, Mode::kEpsilonGreedy);
  pool.Report(0, true, absl::Milliseconds(20));
  pool.Report(1, true, absl::Milliseconds(5));
  random_ = 0;  // explores, and takes the first
  EXPECT_EQ(pool.Pick(), 0u);
  // Rarely, once much is known.
  random_ = 0.02;
  for (int i = 0; i < 1000; ++i) pool.Pick();
  EXPECT_EQ(pool.Pick(), 1u);
}

TEST_F(HostPoolTest, KnowsItsModesByName) {
  EXPECT_EQ(*ParsePoolMode("hostpool"), Mode::kHostPool);
  EXPECT_FALSE(ParsePoolMode("random").ok());
}

}  // namespace
}  // namespace sluice
