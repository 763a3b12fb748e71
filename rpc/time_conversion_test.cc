// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/time_conversion.h"

#include <cstdint>

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

google::protobuf::Duration Wire(int64_t seconds, int32_t nanos) {
  google::protobuf::Duration wire;
  wire.set_seconds(seconds);
  wire.set_nanos(nanos);
  return wire;
}

TEST(TimeConversion, DurationsSurviveTheRoundTrip) {
  for (const absl::Duration duration :
       {absl::ZeroDuration(), absl::Milliseconds(1500), -absl::Milliseconds(1),
        absl::Hours(24 * 365), absl::Nanoseconds(1)}) {
    google::protobuf::Duration wire;
    ToWire(duration, &wire);
    const auto back = FromWire("delay", wire);
    ASSERT_TRUE(back.ok()) << duration;
    EXPECT_EQ(*back, duration);
  }
}

TEST(TimeConversion, RefusesWhatIsNoDuration) {
  for (const auto& wire :
       {Wire(1, -1), Wire(-1, 1), Wire(0, 1'000'000'000), Wire(INT64_MAX, 0),
        Wire(INT64_MIN, 0), Wire(0, INT32_MIN)}) {
    const auto duration = FromWire("open.message_timeout", wire);
    EXPECT_EQ(ErrorReason(duration.status()), "INVALID_DURATION");
    EXPECT_EQ(ErrorField(duration.status()), "open.message_timeout");
  }
}

TEST(TimeConversion, TimesKeepTheirNanoseconds) {
  google::protobuf::Timestamp wire;
  ToWire(absl::FromUnixNanos(1'700'000'000'000'000'001), &wire);
  EXPECT_EQ(wire.seconds(), 1'700'000'000);
  EXPECT_EQ(wire.nanos(), 1);
}

}  // namespace
}  // namespace sluice
