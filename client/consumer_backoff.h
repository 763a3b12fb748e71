// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CONSUMER_BACKOFF_H_
#define SLUICE_CLIENT_CONSUMER_BACKOFF_H_

#include <cstdint>

#include "absl/time/time.h"
#include "base/clock.h"

namespace sluice {

// Holds a consumer back while its handlers fail, as a whole: what one message
// could not do the next cannot do either when the database behind it is away.
//
//   open --failure--> paused --time--> probing --failure--> paused, longer
//                                         |
//                                         '--success--> paused, shorter,
//                                                       or open in the end
//
// Outcomes of messages that were under way before the pause say nothing new and
// are ignored during it.
//
// Not thread-safe.
class ConsumerBackoff {
 public:
  enum class Phase { kOpen, kPaused, kProbing };

  // `max` 0: never backs off.
  ConsumerBackoff(absl::Duration base, absl::Duration max)
      : base_(base), max_(max) {}

  // True when the phase changed.
  bool OnFailure(SteadyTime now);
  bool OnSuccess(SteadyTime now);
  bool OnTime(SteadyTime now);

  Phase phase() const { return phase_; }
  uint32_t level() const { return level_; }
  // Of the pause.
  SteadyTime until() const { return until_; }

 private:
  absl::Duration Pause(uint32_t level) const;
  void BeginPause(SteadyTime now);

  const absl::Duration base_;
  const absl::Duration max_;
  Phase phase_ = Phase::kOpen;
  uint32_t level_ = 0;
  SteadyTime until_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_CONSUMER_BACKOFF_H_
