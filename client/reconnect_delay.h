// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_RECONNECT_DELAY_H_
#define SLUICE_CLIENT_RECONNECT_DELAY_H_

#include <algorithm>

#include "absl/time/time.h"

namespace sluice {

// How long to wait before the next attempt to reach something: doubling from
// `first` to `last`, each shortened by up to a fifth, so that those who lost it
// together do not come back together. A value type.
class ReconnectDelay {
 public:
  ReconnectDelay(absl::Duration first, absl::Duration last)
      : first_(first), last_(last), next_(first) {}

  // `random` in [0, 1).
  absl::Duration Next(double random) {
    const absl::Duration delay = next_;
    next_ = std::min(next_ * 2, last_);
    return delay * (1 - random / 5);
  }

  // It was reached.
  void Reset() { next_ = first_; }

 private:
  absl::Duration first_;
  absl::Duration last_;
  absl::Duration next_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_RECONNECT_DELAY_H_
