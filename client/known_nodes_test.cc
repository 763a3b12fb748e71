// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/known_nodes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr absl::Duration kForgetAfter = absl::Minutes(5);

SteadyTime At(absl::Duration time) { return SteadyTime() + time; }

TEST(KnownNodes, AreTheUnionOfAllLookups) {
  KnownNodes nodes(kForgetAfter);
  EXPECT_THAT(nodes.OnAnswer(0, {"a:1", "b:1"}, At(absl::Seconds(0))),
              ElementsAre("a:1", "b:1"));
  EXPECT_THAT(nodes.OnAnswer(1, {"b:1", "c:1"}, At(absl::Seconds(0))),
              ElementsAre("c:1"));
  EXPECT_THAT(nodes.addresses(), ElementsAre("a:1", "b:1", "c:1"));
}

TEST(KnownNodes, AnEmptyLookupKeepsThemForAWhile) {
  KnownNodes nodes(kForgetAfter);
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(0)));
  EXPECT_THAT(nodes.OnAnswer(0, {}, At(absl::Seconds(10))), IsEmpty());
  EXPECT_THAT(nodes.Forget(At(absl::Seconds(309))), IsEmpty());
  EXPECT_THAT(nodes.addresses(), ElementsAre("a:1"));
  EXPECT_THAT(nodes.Forget(At(absl::Seconds(310))), ElementsAre("a:1"));
  EXPECT_THAT(nodes.addresses(), IsEmpty());
}

TEST(KnownNodes, OneInUseIsNeverForgotten) {
  KnownNodes nodes(kForgetAfter);
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(0)));
  nodes.SetInUse("a:1", true, At(absl::Seconds(1)));
  nodes.OnAnswer(0, {}, At(absl::Seconds(10)));
  EXPECT_THAT(nodes.Forget(At(absl::Hours(10))), IsEmpty());
  nodes.SetInUse("a:1", false, At(absl::Hours(10)));
  EXPECT_THAT(nodes.Forget(At(absl::Hours(10) + absl::Minutes(4))), IsEmpty());
  EXPECT_THAT(nodes.Forget(At(absl::Hours(10) + absl::Minutes(5))),
              ElementsAre("a:1"));
}

TEST(KnownNodes, SayingAgainThatOneIsNotInUseDoesNotKeepIt) {
  KnownNodes nodes(kForgetAfter);
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(0)));
  nodes.OnAnswer(0, {}, At(absl::Seconds(10)));
  nodes.SetInUse("a:1", false, At(absl::Seconds(300)));
  EXPECT_THAT(nodes.Forget(At(absl::Seconds(310))), ElementsAre("a:1"));
}

TEST(KnownNodes, OneThatAnotherLookupNamesStays) {
  KnownNodes nodes(kForgetAfter);
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(0)));
  nodes.OnAnswer(1, {"a:1"}, At(absl::Seconds(0)));
  nodes.OnAnswer(0, {}, At(absl::Seconds(1)));
  EXPECT_THAT(nodes.Forget(At(absl::Hours(1))), IsEmpty());
}

TEST(KnownNodes, OneThatIsNamedAgainIsToBeTriedAtOnce) {
  KnownNodes nodes(kForgetAfter);
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(0)));
  EXPECT_THAT(nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(1))), IsEmpty());
  nodes.OnAnswer(0, {}, At(absl::Seconds(2)));
  EXPECT_THAT(nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(3))),
              ElementsAre("a:1"));
}

TEST(KnownNodes, OneSetAsideComesBackWhenItIsNamedAnew) {
  KnownNodes nodes(kForgetAfter);
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(0)));
  nodes.SetAside("a:1", At(absl::Minutes(1)));
  EXPECT_FALSE(nodes.Contains("a:1"));
  // It is just the same answer again.
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(1)));
  EXPECT_FALSE(nodes.Contains("a:1"));
  nodes.OnAnswer(0, {}, At(absl::Seconds(2)));
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(3)));
  EXPECT_TRUE(nodes.Contains("a:1"));
}

TEST(KnownNodes, OneSetAsideComesBackInTheEnd) {
  KnownNodes nodes(kForgetAfter);
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(0)));
  nodes.SetAside("a:1", At(absl::Minutes(1)));
  EXPECT_THAT(nodes.TakeBack(At(absl::Seconds(59))), IsEmpty());
  EXPECT_THAT(nodes.TakeBack(At(absl::Seconds(60))), ElementsAre("a:1"));
  EXPECT_TRUE(nodes.Contains("a:1"));
}

TEST(KnownNodes, OneSetAsideThatNobodyNamesDoesNotComeBack) {
  KnownNodes nodes(kForgetAfter);
  nodes.OnAnswer(0, {"a:1"}, At(absl::Seconds(0)));
  nodes.SetAside("a:1", At(absl::Minutes(1)));
  nodes.OnAnswer(0, {}, At(absl::Seconds(2)));
  EXPECT_THAT(nodes.TakeBack(At(absl::Hours(1))), IsEmpty());
}

}  // namespace
}  // namespace sluice
