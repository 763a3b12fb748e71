// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BASE_CLOCK_H_
#define SLUICE_BASE_CLOCK_H_

#include <cstdint>

#include "absl/time/time.h"

namespace sluice {

// A point on a clock that never jumps and means nothing outside this process.
// Deadlines of leases use it, so that setting the machine's date neither
// expires a message early nor holds it back. A value type.
class SteadyTime {
 public:
  constexpr SteadyTime() = default;
  static constexpr SteadyTime FromNanos(int64_t nanos) {
    return SteadyTime(nanos);
  }
  static constexpr SteadyTime InfiniteFuture() { return SteadyTime(INT64_MAX); }

  constexpr int64_t nanos() const { return nanos_; }

  friend SteadyTime operator+(SteadyTime time, absl::Duration duration) {
    return SteadyTime(time.nanos_ + absl::ToInt64Nanoseconds(duration));
  }
  friend absl::Duration operator-(SteadyTime a, SteadyTime b) {
    return absl::Nanoseconds(a.nanos_ - b.nanos_);
  }
  friend constexpr bool operator==(SteadyTime a, SteadyTime b) {
    return a.nanos_ == b.nanos_;
  }
  friend constexpr bool operator!=(SteadyTime a, SteadyTime b) {
    return a.nanos_ != b.nanos_;
  }
  friend constexpr bool operator<(SteadyTime a, SteadyTime b) {
    return a.nanos_ < b.nanos_;
  }
  friend constexpr bool operator<=(SteadyTime a, SteadyTime b) {
    return a.nanos_ <= b.nanos_;
  }

 private:
  explicit constexpr SteadyTime(int64_t nanos) : nanos_(nanos) {}
  int64_t nanos_ = 0;
};

// Where the node reads the time. Everything that waits or stamps takes a Clock,
// so tests move time by hand and never sleep. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // The date: for publish times and due times only. May jump.
  virtual absl::Time WallNow() = 0;

  // For deadlines. Never goes backwards.
  virtual SteadyTime SteadyNow() = 0;

  // The machine's clocks. Lives for ever.
  static Clock& Real();
};

}  // namespace sluice

#endif  // SLUICE_BASE_CLOCK_H_
