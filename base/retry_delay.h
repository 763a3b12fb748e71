// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BASE_RETRY_DELAY_H_
#define SLUICE_BASE_RETRY_DELAY_H_

#include <algorithm>

#include "absl/time/time.h"

namespace sluice {

// How long to wait before the next attempt to reach something: doubling from
// `first` to `longest`, each shortened by up to a half, so that those who lost
// it together do not come back together. A value type; thread-compatible.
class RetryDelay {
 public:
  RetryDelay(absl::Duration first, absl::Duration longest)
      : first_(first), longest_(longest), next_(first) {}

  // Before the attempt that follows the one that failed. `random` in [0, 1).
  absl::Duration Next(double random) {
    const absl::Duration delay = std::min(next_, longest_);
    next_ = std::min(2 * delay, longest_);
    return delay * (1 - random / 2);
  }
  // It was reached.
  void Reset() { next_ = first_; }
  // No longer than this from now on.
  void Limit(absl::Duration longest) { longest_ = longest; }

 private:
  absl::Duration first_;
  absl::Duration longest_;
  absl::Duration next_;
};

}  // namespace sluice

#endif  // SLUICE_BASE_RETRY_DELAY_H_
