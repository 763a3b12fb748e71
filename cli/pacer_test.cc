// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/pacer.h"

#include "base/fake_clock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

// Messages sent in `time` by a sender that always has more, never sleeps less
// than it is told, and takes no time itself.
int SentWithin(absl::Duration time, double rate) {
  FakeClock clock;
  Pacer pacer(rate, clock);
  const SteadyTime end = clock.SteadyNow() + time;
  int sent = 0;
  while (true) {
    clock.Advance(pacer.Wait());
    if (end <= clock.SteadyNow()) return sent;
    pacer.Take();
    ++sent;
  }
}

TEST(Pacer, SendsTheFirstMessageAtOnce) {
  FakeClock clock;
  EXPECT_EQ(Pacer(0.001, clock).Wait(), absl::ZeroDuration());
}

TEST(Pacer, SpacesOutMessagesAtLowRates) {
  FakeClock clock;
  Pacer pacer(2, clock);
  pacer.Take();
  EXPECT_EQ(pacer.Wait(), absl::Milliseconds(500));
  clock.Advance(absl::Milliseconds(500));
  EXPECT_EQ(pacer.Wait(), absl::ZeroDuration());
}

TEST(Pacer, KeepsTheRate) {
  EXPECT_EQ(SentWithin(absl::Seconds(10), 2), 20);
  EXPECT_NEAR(SentWithin(absl::Seconds(10), 1000), 10000, 50);
  EXPECT_NEAR(SentWithin(absl::Seconds(1), 250000), 250000, 10000);
}

TEST(Pacer, DoesNotMakeUpForAPause) {
  FakeClock clock;
  Pacer pacer(10, clock);
  pacer.Take();
  clock.Advance(absl::Hours(1));
  EXPECT_EQ(pacer.Wait(), absl::ZeroDuration());
  pacer.Take();
  EXPECT_EQ(pacer.Wait(), absl::Milliseconds(100));
}

}  // namespace
}  // namespace sluice
