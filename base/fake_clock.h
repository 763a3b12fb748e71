// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BASE_FAKE_CLOCK_H_
#define SLUICE_BASE_FAKE_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "base/clock.h"

namespace sluice {

// A clock for tests that stands still until told otherwise. Thread-safe.
class FakeClock final : public Clock {
 public:
  absl::Time WallNow() override {
    return absl::FromUnixSeconds(1'700'000'000) +
           absl::Nanoseconds(nanos_.load() + date_moved_.load());
  }
  SteadyTime SteadyNow() override {
    return SteadyTime::FromNanos(nanos_.load());
  }

  void Advance(absl::Duration duration) {
    nanos_ += absl::ToInt64Nanoseconds(duration);
  }
  // Somebody sets the date; no time passes.
  void MoveDate(absl::Duration by) {
    date_moved_ += absl::ToInt64Nanoseconds(by);
  }

 private:
  std::atomic<int64_t> nanos_{0};
  std::atomic<int64_t> date_moved_{0};
};

}  // namespace sluice

#endif  // SLUICE_BASE_FAKE_CLOCK_H_
