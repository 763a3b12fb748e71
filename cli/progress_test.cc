// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include "base/fake_clock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

class ProgressTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  std::string drawn_;
  Progress progress_{"published", clock_,
                     [this](const std::string& text) { drawn_ += text; }};
};

TEST_F(ProgressTest, IsQuietInTheFirstSecond) {
  clock_.Advance(absl::Milliseconds(990));
  progress_.Update(1000);
  progress_.Clear();
  EXPECT_EQ(drawn_, "");
}

TEST_F(ProgressTest, ShowsTheRateSinceTheLastTime) {
  clock_.Advance(absl::Seconds(2));
  progress_.Update(20000);
  EXPECT_EQ(drawn_, "\r\x1b[Kpublished 20 000 (10 000/s)");
  drawn_.clear();
  clock_.Advance(absl::Seconds(1));
  progress_.Update(20500);
  EXPECT_EQ(drawn_, "\r\x1b[Kpublished 20 500 (500/s)");
}

TEST_F(ProgressTest, RedrawsAFewTimesASecondOnly) {
  clock_.Advance(absl::Seconds(2));
  progress_.Update(1);
  drawn_.clear();
  clock_.Advance(absl::Milliseconds(10));
  progress_.Update(2);
  EXPECT_EQ(drawn_, "");
}

TEST_F(ProgressTest, WipesItsLine) {
  clock_.Advance(absl::Seconds(2));
  progress_.Update(1);
  drawn_.clear();
  progress_.Clear();
  EXPECT_EQ(drawn_, "\r\x1b[K");
}

TEST_F(ProgressTest, SumsUp) {
  clock_.Advance(absl::Milliseconds(210));
  EXPECT_EQ(progress_.Summary(3210, "to dpkg"),
            "published 3 210 messages to dpkg in 0.2s (15 286/s)");
  EXPECT_EQ(progress_.Summary(1, "to dpkg"),
            "published 1 message to dpkg in 0.2s (4.8/s)");
}

TEST(Progress, TellsHowLongTheRestWillTake) {
  FakeClock clock;
  std::string drawn;
  Progress progress(
      "received", clock, [&](const std::string& text) { drawn = text; }, 3000);
  clock.Advance(absl::Seconds(2));
  progress.Update(2000);
  EXPECT_EQ(drawn, "\r\x1b[Kreceived 2 000 of 3 000 (1 000/s, 1.0s left)");
}

}  // namespace
}  // namespace sluice
