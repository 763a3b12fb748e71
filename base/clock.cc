// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <chrono>

#include "absl/time/clock.h"

namespace sluice {
namespace {

class RealClock final : public Clock {
 public:
  absl::Time WallNow() override { return absl::Now(); }
  SteadyTime SteadyNow() override {
    return SteadyTime::FromNanos(
        std::chrono::duration_cast<std::chrono::nanoseconds>(
            std::chrono::steady_clock::now().time_since_epoch())
            .count());
  }
};

}  // namespace

Clock& Clock::Real() {
  static RealClock* const clock = new RealClock;
  return *clock;
}

}  // namespace sluice
