// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/announce/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr bool kAdd = true;
constexpr bool kRemove = false;

TEST(Names, NothingChangesBetweenEqualSets) {
  EXPECT_THAT(ChangesBetween({}, {}), IsEmpty());
  const Names names = {{"a", ""}, {"a", "x"}};
  EXPECT_THAT(ChangesBetween(names, names), IsEmpty());
}

TEST(Names, AChannelBringsItsTopic) {
  EXPECT_THAT(
      ChangesBetween({}, {{"a", ""}, {"a", "x"}, {"a", "y"}, {"b", ""}}),
      ElementsAre(NameChange{kAdd, {"a", "x"}}, NameChange{kAdd, {"a", "y"}},
                  NameChange{kAdd, {"b", ""}}));
}

TEST(Names, ATopicTakesItsChannelsAlong) {
  EXPECT_THAT(
      ChangesBetween({{"a", ""}, {"a", "x"}, {"a", "y"}, {"b", ""}, {"b", "x"}},
                     {{"b", ""}}),
      ElementsAre(NameChange{kRemove, {"a", ""}},
                  NameChange{kRemove, {"b", "x"}}));
}

TEST(Names, WhatGoesIsToldBeforeWhatComes) {
  EXPECT_THAT(
      ChangesBetween({{"b", ""}}, {{"a", ""}}),
      ElementsAre(NameChange{kRemove, {"b", ""}}, NameChange{kAdd, {"a", ""}}));
}

// As a lookup server applies it.
void Apply(const NameChange& change, Names* names) {
  if (change.add) {
    names->push_back({change.name.topic, ""});
    names->push_back(change.name);
    std::sort(names->begin(), names->end());
    names->erase(std::unique(names->begin(), names->end()), names->end());
    return;
  }
  names->erase(std::remove_if(names->begin(), names->end(),
                              [&](const Name& name) {
                                return name == change.name ||
                                       (change.name.channel.empty() &&
                                        name.topic == change.name.topic);
                              }),
               names->end());
}

Names RandomNames(std::mt19937* random) {
  Names names;
  for (const char* const topic : {"a", "b", "c"}) {
    if ((*random)() % 2 == 0) continue;
    names.push_back({topic, ""});
    for (const char* const channel : {"x", "y"}) {
      if ((*random)() % 2 == 0) names.push_back({topic, channel});
    }
  }
  return names;
}

TEST(Names, TheChangesLeadFromAnySetToAnyOther) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    Names told = RandomNames(&random);
    const Names has = RandomNames(&random);
    for (const NameChange& change : ChangesBetween(told, has)) {
      Apply(change, &told);
    }
    ASSERT_EQ(told, has);
  }
}

}  // namespace
}  // namespace sluice
