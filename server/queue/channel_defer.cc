// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// How a channel keeps messages back until their time.
#include <algorithm>
#include <utility>

#include "server/queue/channel.h"

namespace sluice {
namespace {

// How long a timer sleeps at most: when the machine's date was set forward,
// what became due is late by no more than this.
constexpr absl::Duration kLongestSleep = absl::Seconds(10);

}  // namespace

void Channel::Start() {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    Arm(NextRelease(), &aftermath);
    ParkOldest();
  }
  Conclude(aftermath);
}

int64_t Channel::NowOf(Taking* taking) const {
  if (taking->now == 0) taking->now = absl::ToUnixNanos(env_.clock.WallNow());
  return taking->now;
}

bool Channel::MustWait(const RecordBlock& block, uint32_t index,
                       uint32_t attempts, Taking* taking) const {
  if (!block.has_due_times() || attempts > 0) return false;
  return block.due_unix_nano(index) > NowOf(taking);
}

void Channel::PutBack(Sequence sequence, uint32_t attempts) {
  if (IsGivenUp(attempts)) {
    dead_.push_back({sequence, attempts});
  } else {
    ready_again_.push_back({sequence, attempts});
  }
}

bool Channel::ReleaseDue() {
  if (deferred_.empty()) return false;
  std::vector<DeferredMessage> due;
  // By the date, which may have been set back meanwhile: never early.
  deferred_.PopDue(absl::ToUnixNanos(env_.clock.WallNow()), &due);
  for (const DeferredMessage& message : due) {
    PutBack(message.sequence, message.attempts);
  }
  return !due.empty();
}

absl::Duration Channel::ClampToSleep(absl::Duration wait) {
  return std::max(absl::ZeroDuration(), std::min(wait, kLongestSleep));
}

SteadyTime Channel::NextRelease() const {
  const SteadyTime now = env_.clock.SteadyNow();
  const SteadyTime next = NextTakeDown(now);
  if (deferred_.empty()) return next;
  const absl::Duration wait =
      absl::FromUnixNanos(deferred_.NextDue()) - env_.clock.WallNow();
  return std::min(next, now + ClampToSleep(wait));
}

void Channel::ArmRelease(int64_t due_before, Aftermath* aftermath) {
  if (deferred_.NextDue() < due_before) Arm(NextRelease(), aftermath);
}

void Channel::Arm(SteadyTime when, Aftermath* aftermath) {
  if (armed_ <= when) return;
  aftermath->arm = armed_ = when;
}

}  // namespace sluice
