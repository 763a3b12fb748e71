// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/held_messages.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

SteadyTime At(int seconds) { return SteadyTime() + absl::Seconds(seconds); }

TEST(HeldMessages, ATicketLeadsToItsDeliveryOnce) {
  HeldMessages held;
  const uint64_t ticket = held.Add("a:1", 7, At(0));
  EXPECT_EQ(held.CountOf("a:1"), 1u);
  const auto place = held.Take(ticket);
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->node, "a:1");
  EXPECT_EQ(place->delivery_id, 7u);
  EXPECT_FALSE(held.Take(ticket).has_value());
  EXPECT_EQ(held.CountOf("a:1"), 0u);
  EXPECT_EQ(held.size(), 0u);
}

TEST(HeldMessages, TheSameDeliveryIdOfTwoNodesIsTwoMessages) {
  HeldMessages held;
  const uint64_t one = held.Add("a:1", 7, At(0));
  const uint64_t other = held.Add("b:1", 7, At(0));
  EXPECT_EQ(held.Take(one)->node, "a:1");
  EXPECT_EQ(held.Take(other)->node, "b:1");
}

TEST(HeldMessages, ANodeThatIsGoneTakesItsLeasesWithIt) {
  HeldMessages held;
  const uint64_t gone = held.Add("a:1", 7, At(0));
  const uint64_t kept = held.Add("b:1", 8, At(0));
  held.LoseAll("a:1");
  EXPECT_FALSE(held.Take(gone).has_value());
  EXPECT_FALSE(held.Renew(gone, At(1)).has_value());
  EXPECT_TRUE(held.Take(kept).has_value());
}

TEST(HeldMessages, ALeaseThatRanOutIsLostAlone) {
  HeldMessages held;
  const uint64_t lost = held.Add("a:1", 7, At(0));
  const uint64_t kept = held.Add("a:1", 8, At(0));
  held.Lose("a:1", 7);
  held.Lose("a:1", 99);
  EXPECT_FALSE(held.Take(lost).has_value());
  EXPECT_TRUE(held.Take(kept).has_value());
}

TEST(HeldMessages, LeasesAreRenewedWhenTheyAreOldAndNotBeyondTheLimit) {
  HeldMessages held;
  const absl::Duration age = absl::Seconds(30);
  const absl::Duration limit = absl::Seconds(100);
  held.Add("a:1", 7, At(0));
  const uint64_t touched = held.Add("a:1", 8, At(0));
  held.Renew(touched, At(20));
  EXPECT_THAT(held.RenewOlderThan("a:1", age, limit, At(29)), IsEmpty());
  EXPECT_THAT(held.RenewOlderThan("a:1", age, limit, At(30)),
              UnorderedElementsAre(7));
  EXPECT_THAT(held.RenewOlderThan("a:1", age, limit, At(60)),
              UnorderedElementsAre(7, 8));
  EXPECT_THAT(held.RenewOlderThan("a:1", age, limit, At(99)),
              UnorderedElementsAre(7, 8));
  EXPECT_THAT(held.RenewOlderThan("a:1", age, limit, At(130)), IsEmpty());
}

}  // namespace
}  // namespace sluice
