// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/lookup.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;

LookupNode Node(const std::string& address) {
  LookupNode node;
  node.address = address;
  return node;
}

TEST(LookupUnion, HasEachNodeAndChannelOnce) {
  const TopicNodes one{{"b", "a"}, {Node("n2:1"), Node("n1:1")}};
  const TopicNodes other{{"c", "a"}, {Node("n2:1"), Node("n3:1")}};
  const auto all = UnionOf(
      std::vector<FromLookup<TopicNodes>>{{"l1:1", one}, {"l2:1", other}});
  ASSERT_TRUE(all.ok());
  EXPECT_THAT(all->channels, ElementsAre("a", "b", "c"));
  std::vector<std::string> addresses;
  for (const LookupNode& node : all->nodes) addresses.push_back(node.address);
  EXPECT_THAT(addresses, ElementsAre("n1:1", "n2:1", "n3:1"));
}

TEST(LookupUnion, OneAnswerIsEnough) {
  const auto all = UnionOf(std::vector<FromLookup<std::vector<std::string>>>{
      {"l1:1", absl::UnavailableError("away")},
      {"l2:1", std::vector<std::string>{"t"}}});
  ASSERT_TRUE(all.ok());
  EXPECT_THAT(*all, ElementsAre("t"));
}

TEST(LookupUnion, WithoutAnAnswerItIsTheFirstError) {
  const auto all = UnionOf(std::vector<FromLookup<std::vector<std::string>>>{
      {"l1:1", absl::UnavailableError("first")},
      {"l2:1", absl::UnavailableError("second")}});
  EXPECT_EQ(all.status().message(), "first");
}

}  // namespace
}  // namespace sluice
