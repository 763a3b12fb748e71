// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_ANNOUNCE_RETRY_DELAY_H_
#define SLUICE_SERVER_ANNOUNCE_RETRY_DELAY_H_

#include <algorithm>
#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace sluice {

// How long to wait before the next attempt: twice as long each time, up to a
// limit, and somewhere in the upper half of that, so that nodes which lost the
// same lookup server do not come back all at once. Thread-compatible.
class RetryDelay {
 public:
  RetryDelay(absl::Duration first, absl::Duration longest, uint32_t seed)
      : first_(first), longest_(longest), next_(first), random_(seed) {}

  // For the attempt after the one that just failed.
  absl::Duration Next() {
    const absl::Duration full = std::min(next_, longest_);
    next_ = std::min(2 * next_, longest_);
    return full * std::uniform_real_distribution<>(0.5, 1)(random_);
  }
  // An attempt succeeded.
  void Reset() { next_ = first_; }
  // No longer than this from now on.
  void Limit(absl::Duration longest) { longest_ = longest; }

 private:
  const absl::Duration first_;
  absl::Duration longest_;
  absl::Duration next_;
  std::mt19937 random_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_ANNOUNCE_RETRY_DELAY_H_
