// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/seen_ids.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

using Verdict = SeenIds::Verdict;

SteadyTime At(int seconds) { return SteadyTime() + absl::Seconds(seconds); }

TEST(SeenIds, TheSecondCopyIsDroppedOnceTheFirstIsDone) {
  SeenIds ids(10, absl::Minutes(1));
  EXPECT_EQ(ids.See("a", At(0)), Verdict::kNew);
  EXPECT_EQ(ids.See("a", At(1)), Verdict::kUnderWay);
  ids.Finished("a", At(2));
  EXPECT_EQ(ids.See("a", At(3)), Verdict::kDone);
  EXPECT_EQ(ids.See("b", At(3)), Verdict::kNew);
}

TEST(SeenIds, TheSecondCopyIsWorkedOnWhenTheFirstFailed) {
  SeenIds ids(10, absl::Minutes(1));
  ids.See("a", At(0));
  ids.Failed("a");
  EXPECT_EQ(ids.See("a", At(1)), Verdict::kNew);
}

TEST(SeenIds, AFailureAfterTheOtherCopyIsDoneChangesNothing) {
  SeenIds ids(10, absl::Minutes(1));
  ids.See("a", At(0));
  ids.Finished("a", At(1));
  ids.Failed("a");
  EXPECT_EQ(ids.See("a", At(2)), Verdict::kDone);
}

TEST(SeenIds, TheOldestGoesWhenThereAreTooMany) {
  SeenIds ids(2, absl::Minutes(1));
  for (const char* id : {"a", "b", "c"}) {
    ids.See(id, At(0));
    ids.Finished(id, At(0));
  }
  EXPECT_EQ(ids.size(), 2u);
  EXPECT_EQ(ids.See("b", At(1)), Verdict::kDone);
  EXPECT_EQ(ids.See("a", At(1)), Verdict::kNew);
}

TEST(SeenIds, IsForgottenAfterItsTime) {
  SeenIds ids(10, absl::Seconds(60));
  ids.See("a", At(0));
  ids.Finished("a", At(10));
  EXPECT_EQ(ids.See("a", At(69)), Verdict::kDone);
  EXPECT_EQ(ids.See("a", At(70)), Verdict::kNew);
}

TEST(SeenIds, WhatIsUnderWayIsNotForgotten) {
  SeenIds ids(1, absl::Seconds(1));
  ids.See("a", At(0));
  for (const char* id : {"b", "c"}) {
    ids.See(id, At(100));
    ids.Finished(id, At(100));
  }
  EXPECT_EQ(ids.See("a", At(200)), Verdict::kUnderWay);
}

}  // namespace
}  // namespace sluice
