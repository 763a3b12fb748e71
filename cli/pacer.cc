// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/pacer.h"

#include <algorithm>

namespace sluice {
namespace {

// Messages due within one group's time go together.
constexpr absl::Duration kGroup = absl::Milliseconds(20);

// Beyond this the sum of intervals would leave the clock's range.
constexpr absl::Duration kLongest = absl::Hours(24 * 365);

}  // namespace

Pacer::Pacer(double per_second, Clock& clock)
    : clock_(clock),
      interval_(std::min(absl::Seconds(1) / per_second, kLongest)),
      due_(clock.SteadyNow()) {}

absl::Duration Pacer::Wait() const {
  const absl::Duration early = due_ - clock_.SteadyNow();
  // At low rates each message waits for its own time.
  const absl::Duration allowance =
      interval_ < kGroup ? kGroup : absl::ZeroDuration();
  return early <= allowance ? absl::ZeroDuration() : early;
}

void Pacer::Take() {
  const SteadyTime now = clock_.SteadyNow();
  due_ = (due_ < now ? now : due_) + interval_;
}

}  // namespace sluice
