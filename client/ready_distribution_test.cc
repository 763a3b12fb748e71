// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/ready_distribution.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class ReadyDistributionTest : public testing::Test {
 protected:
  SteadyTime Now() { return clock_.SteadyNow(); }
  void AddNodes(int count, uint32_t max_ready = 2500) {
    for (int i = 0; i < count; ++i) {
      names_.push_back(absl::StrCat("node", i));
      distribution_.Add(names_.back(), max_ready, Now());
    }
  }
  // Distributes; what each node then has.
  std::map<std::string, uint32_t> Levels() {
    distribution_.Distribute(Now());
    std::map<std::string, uint32_t> levels;
    for (const std::string& name : names_) {
      levels[name] = distribution_.ready(name);
    }
    return levels;
  }
  // The nodes that have anything.
  std::set<std::string> Ready() {
    std::set<std::string> ready;
    for (const auto& [name, level] : Levels()) {
      if (level > 0) ready.insert(name);
    }
    return ready;
  }

  FakeClock clock_;
  ReadyDistribution distribution_{absl::Seconds(10)};
  std::vector<std::string> names_;
};

TEST_F(ReadyDistributionTest, SharesEvenlyAndLeavesNothingOver) {
  AddNodes(3);
  distribution_.SetTotal(200);
  EXPECT_THAT(Levels(), ElementsAre(Pair("node0", 67), Pair("node1", 67),
                                    Pair("node2", 66)));
}

TEST_F(ReadyDistributionTest, GivesNoNodeMoreThanItAllows) {
  AddNodes(1);
  names_.push_back("small");
  distribution_.Add("small", 10, Now());
  distribution_.SetTotal(100);
  EXPECT_THAT(Levels(), ElementsAre(Pair("node0", 90), Pair("small", 10)));
}

TEST_F(ReadyDistributionTest, ANodeThatComesLowersTheOthersFirst) {
  AddNodes(1);
  distribution_.SetTotal(100);
  Levels();
  distribution_.Add("node1", 2500, Now());
  const auto changes = distribution_.Distribute(Now());
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].node, "node0");
  EXPECT_EQ(changes[0].ready, 50u);
  EXPECT_EQ(changes[1].ready, 50u);
}

TEST_F(ReadyDistributionTest, ANodeThatGoesLeavesItsShareToTheOthers) {
  AddNodes(2);
  distribution_.SetTotal(100);
  Levels();
  distribution_.Remove("node1");
  EXPECT_EQ(Levels()["node0"], 100u);
}

TEST_F(ReadyDistributionTest, ANodeIsRaisedOnlyAsOthersComeDown) {
  AddNodes(1);
  distribution_.SetTotal(10);
  Levels();
  distribution_.SetInFlight("node0", 10);
  names_.push_back("node1");
  distribution_.Add("node1", 2500, Now());
  EXPECT_THAT(Levels(), ElementsAre(Pair("node0", 5), Pair("node1", 0)));
  distribution_.SetInFlight("node0", 7);
  EXPECT_THAT(Levels(), ElementsAre(Pair("node0", 5), Pair("node1", 3)));
  distribution_.SetInFlight("node0", 5);
  EXPECT_THAT(Levels(), ElementsAre(Pair("node0", 5), Pair("node1", 5)));
}

TEST_F(ReadyDistributionTest, AnIdleNodeKeepsOneMessage) {
  AddNodes(2);
  distribution_.SetTotal(100);
  Levels();
  clock_.Advance(absl::Seconds(9));
  distribution_.OnMessages("node0", Now());
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(Levels(), ElementsAre(Pair("node0", 99), Pair("node1", 1)));
}

TEST_F(ReadyDistributionTest, AnIdleNodeThatSendsHasItsShareBack) {
  AddNodes(2);
  distribution_.SetTotal(100);
  clock_.Advance(absl::Seconds(10));
  distribution_.OnMessages("node0", Now());
  EXPECT_EQ(Levels()["node1"], 1u);
  EXPECT_TRUE(distribution_.OnMessages("node1", Now()));
  EXPECT_FALSE(distribution_.OnMessages("node1", Now()));
  EXPECT_THAT(Levels(), ElementsAre(Pair("node0", 50), Pair("node1", 50)));
}

TEST_F(ReadyDistributionTest, WhenAllAreIdleTheyShareEvenly) {
  AddNodes(2);
  distribution_.SetTotal(100);
  clock_.Advance(absl::Minutes(10));
  EXPECT_THAT(Levels(), ElementsAre(Pair("node0", 50), Pair("node1", 50)));
}

TEST_F(ReadyDistributionTest, NothingToShareIsNothingForAnybody) {
  AddNodes(2);
  distribution_.SetTotal(100);
  Levels();
  distribution_.SetTotal(0);
  EXPECT_THAT(Ready(), IsEmpty());
}

TEST_F(ReadyDistributionTest, WithLessThanNodesEveryNodeHasItsTurn) {
  AddNodes(5);
  distribution_.SetTotal(2);
  std::set<std::string> heard;
  for (int turn = 0; turn < 3; ++turn) {
    const std::set<std::string> ready = Ready();
    EXPECT_EQ(ready.size(), 2u);
    heard.insert(ready.begin(), ready.end());
    clock_.Advance(ReadyDistribution::kIdleTurn);
  }
  EXPECT_EQ(heard.size(), 5u);
}

TEST_F(ReadyDistributionTest, ATurnLastsWhileMessagesComeButNotForEver) {
  AddNodes(2);
  distribution_.SetTotal(1);
  const std::set<std::string> first = Ready();
  absl::Duration turn;
  while (Ready() == first) {
    clock_.Advance(absl::Milliseconds(500));
    turn += absl::Milliseconds(500);
    distribution_.OnMessages(*first.begin(), Now());
    ASSERT_LE(turn, absl::Minutes(1));
  }
  EXPECT_EQ(turn, ReadyDistribution::kLongTurn);
}

TEST_F(ReadyDistributionTest, ATurnIsNotPassedOnWhileItsMessageIsHeld) {
  AddNodes(2);
  distribution_.SetTotal(1);
  const std::set<std::string> first = Ready();
  distribution_.SetInFlight(*first.begin(), 1);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Ready(), first);
  distribution_.SetInFlight(*first.begin(), 0);
  EXPECT_NE(Ready(), first);
}

TEST_F(ReadyDistributionTest, NeverGivesOutMoreThanThereIs) {
  AddNodes(7, 30);
  uint64_t random = 1;
  for (int step = 0; step < 2000; ++step) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    const auto total = static_cast<uint32_t>((random >> 33) % 300);
    distribution_.SetTotal(total);
    clock_.Advance(absl::Milliseconds((random >> 40) % 5000));
    distribution_.OnMessages(names_[(random >> 50) % names_.size()], Now());
    uint32_t sum = 0;
    for (const auto& [name, level] : Levels()) {
      EXPECT_LE(level, 30u);
      sum += level;
    }
    EXPECT_EQ(sum, std::min(total, 7u * 30u));
  }
}

}  // namespace
}  // namespace sluice
