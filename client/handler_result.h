// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_HANDLER_RESULT_H_
#define SLUICE_CLIENT_HANDLER_RESULT_H_

#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace sluice {

// What is to become of a message that was handled. A value type.
class HandlerResult {
 public:
  enum class Kind { kFinish, kRequeue };

  // Done: never delivered in this channel again.
  static HandlerResult Finish() { return HandlerResult(Kind::kFinish); }

  // Failed: deliver it again after the consumer's default delay, which grows
  // with the attempts, or after `delay` (0 s: at once). The consumer backs off.
  static HandlerResult Requeue() {
    HandlerResult result(Kind::kRequeue);
    result.backs_off_ = true;
    return result;
  }
  static HandlerResult Requeue(absl::Duration delay) {
    HandlerResult result = Requeue();
    result.delay_ = delay;
    return result;
  }

  // Not yet: the same, but it is no failure, and the consumer goes on as it
  // did.
  static HandlerResult Postpone(absl::Duration delay) {
    HandlerResult result(Kind::kRequeue);
    result.delay_ = delay;
    return result;
  }

  // Not worked on: to others at once, and this attempt does not count.
  static HandlerResult GiveBack() {
    HandlerResult result(Kind::kRequeue);
    result.delay_ = absl::ZeroDuration();
    result.keep_attempts_ = true;
    return result;
  }

  Kind kind() const { return kind_; }
  // Of a requeue; none: the consumer's default.
  absl::optional<absl::Duration> delay() const { return delay_; }
  bool keep_attempts() const { return keep_attempts_; }
  bool backs_off() const { return backs_off_; }

 private:
  explicit HandlerResult(Kind kind) : kind_(kind) {}

  Kind kind_;
  absl::optional<absl::Duration> delay_;
  bool keep_attempts_ = false;
  bool backs_off_ = false;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_HANDLER_RESULT_H_
