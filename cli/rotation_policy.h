// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_ROTATION_POLICY_H_
#define SLUICE_CLI_ROTATION_POLICY_H_

#include <cstdint>

#include "absl/time/time.h"
#include "base/clock.h"

namespace sluice {

// When a file has had enough and the next one is begun. A value type.
struct RotationPolicy {
  uint64_t max_bytes = 0;                             // 0: no limit
  absl::Duration max_age = absl::InfiniteDuration();  // since it was begun

  bool IsDue(uint64_t bytes, SteadyTime begun, SteadyTime now) const {
    return (max_bytes > 0 && bytes >= max_bytes) || now - begun >= max_age;
  }

  // Until when a file that was begun then may be kept open.
  SteadyTime LastMoment(SteadyTime begun) const {
    return max_age == absl::InfiniteDuration() ? SteadyTime::InfiniteFuture()
                                               : begun + max_age;
  }
};

}  // namespace sluice

#endif  // SLUICE_CLI_ROTATION_POLICY_H_
