// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/consumer_backoff.h"

#include <algorithm>

namespace sluice {

absl::Duration ConsumerBackoff::Pause(uint32_t level) const {
  absl::Duration pause = base_;
  for (uint32_t i = 1; i < level && pause < max_; ++i) pause *= 2;
  return std::min(pause, max_);
}

void ConsumerBackoff::BeginPause(SteadyTime now) {
  phase_ = Phase::kPaused;
  until_ = now + Pause(level_);
}

bool ConsumerBackoff::OnFailure(SteadyTime now) {
  if (phase_ == Phase::kPaused || max_ <= absl::ZeroDuration()) return false;
  // A level whose pause is no longer would only take longer to come down.
  if (level_ == 0 || Pause(level_) < max_) ++level_;
  BeginPause(now);
  return true;
}

bool ConsumerBackoff::OnSuccess(SteadyTime now) {
  if (phase_ != Phase::kProbing) return false;
  --level_;
  if (level_ > 0) {
    BeginPause(now);
  } else {
    phase_ = Phase::kOpen;
  }
  return true;
}

bool ConsumerBackoff::OnTime(SteadyTime now) {
  if (phase_ != Phase::kPaused || now < until_) return false;
  phase_ = Phase::kProbing;
  return true;
}

}  // namespace sluice
