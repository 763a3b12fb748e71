// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/consumer_backoff.h"

#include "base/fake_clock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using Phase = ConsumerBackoff::Phase;

class ConsumerBackoffTest : public testing::Test {
 protected:
  SteadyTime Now() { return clock_.SteadyNow(); }
  // Ends the pause, which must be this long.
  void ExpectPause(absl::Duration pause) {
    ASSERT_EQ(backoff_.phase(), Phase::kPaused);
    EXPECT_EQ(backoff_.until() - Now(), pause);
    clock_.Advance(pause - absl::Milliseconds(1));
    EXPECT_FALSE(backoff_.OnTime(Now()));
    clock_.Advance(absl::Milliseconds(1));
    EXPECT_TRUE(backoff_.OnTime(Now()));
    EXPECT_EQ(backoff_.phase(), Phase::kProbing);
  }

  FakeClock clock_;
  ConsumerBackoff backoff_{absl::Seconds(1), absl::Seconds(5)};
};

TEST_F(ConsumerBackoffTest, StaysOpenWhileAllIsWell) {
  EXPECT_FALSE(backoff_.OnSuccess(Now()));
  EXPECT_FALSE(backoff_.OnTime(Now()));
  EXPECT_EQ(backoff_.phase(), Phase::kOpen);
}

TEST_F(ConsumerBackoffTest, OneFailureIsAPauseAProbeAndOpenAgain) {
  EXPECT_TRUE(backoff_.OnFailure(Now()));
  ExpectPause(absl::Seconds(1));
  EXPECT_TRUE(backoff_.OnSuccess(Now()));
  EXPECT_EQ(backoff_.phase(), Phase::kOpen);
}

TEST_F(ConsumerBackoffTest, PausesDoubleUpToTheMaximum) {
  for (const int seconds : {1, 2, 4, 5, 5, 5}) {
    EXPECT_TRUE(backoff_.OnFailure(Now()));
    ExpectPause(absl::Seconds(seconds));
  }
}

TEST_F(ConsumerBackoffTest, ComesBackInTheStepsItWent) {
  for (int i = 0; i < 10; ++i) {
    backoff_.OnFailure(Now());
    clock_.Advance(absl::Seconds(5));
    backoff_.OnTime(Now());
  }
  for (const int seconds : {4, 2, 1}) {
    EXPECT_TRUE(backoff_.OnSuccess(Now()));
    ExpectPause(absl::Seconds(seconds));
  }
  EXPECT_TRUE(backoff_.OnSuccess(Now()));
  EXPECT_EQ(backoff_.phase(), Phase::kOpen);
}

TEST_F(ConsumerBackoffTest, IgnoresOutcomesDuringThePause) {
  backoff_.OnFailure(Now());
  EXPECT_FALSE(backoff_.OnFailure(Now()));
  EXPECT_FALSE(backoff_.OnSuccess(Now()));
  EXPECT_EQ(backoff_.level(), 1u);
  ExpectPause(absl::Seconds(1));
}

TEST_F(ConsumerBackoffTest, CanBeSwitchedOff) {
  ConsumerBackoff off(absl::Seconds(1), absl::ZeroDuration());
  EXPECT_FALSE(off.OnFailure(Now()));
  EXPECT_EQ(off.phase(), Phase::kOpen);
}

}  // namespace
}  // namespace sluice
