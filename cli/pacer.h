// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_PACER_H_
#define SLUICE_CLI_PACER_H_

#include <cstdint>

#include "absl/time/time.h"
#include "base/clock.h"

namespace sluice {

// Holds messages to a rate. Above 50 a second they go out in small groups, a
// group every 20 ms, so that high rates still travel in batches. Time lost
// while there was nothing to send is not made up for. One thread only.
class Pacer {
 public:
  // `per_second` above 0.
  Pacer(double per_second, Clock& clock);

  // How long to wait before the next message; 0 when it may go now.
  absl::Duration Wait() const;

  // A message goes.
  void Take();

 private:
  Clock& clock_;
  const absl::Duration interval_;
  SteadyTime due_;  // of the next message, not rounded to a group
};

}  // namespace sluice

#endif  // SLUICE_CLI_PACER_H_
