// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/time_conversion.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace sluice {

absl::StatusOr<absl::Duration> FromWire(
    absl::string_view field, const google::protobuf::Duration& wire) {
  constexpr int64_t kMaxSeconds = 315'576'000'000;
  constexpr int32_t kMaxNanos = 999'999'999;
  const int64_t seconds = wire.seconds();
  const int32_t nanos = wire.nanos();
  const bool in_range = seconds >= -kMaxSeconds && seconds <= kMaxSeconds &&
                        nanos >= -kMaxNanos && nanos <= kMaxNanos;
  const bool same_sign =
      (seconds >= 0 && nanos >= 0) || (seconds <= 0 && nanos <= 0);
  if (!in_range || !same_sign) {
    return InvalidArgument("INVALID_DURATION", field,
                           absl::StrCat(field, " is not a duration"));
  }
  return absl::Seconds(seconds) + absl::Nanoseconds(nanos);
}

void ToWire(absl::Duration duration, google::protobuf::Duration* wire) {
  wire->set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  wire->set_nanos(static_cast<int32_t>(
      absl::IDivDuration(duration, absl::Nanoseconds(1), &duration)));
}

void ToWire(absl::Time time, google::protobuf::Timestamp* wire) {
  const int64_t seconds = absl::ToUnixSeconds(time);  // rounds down
  wire->set_seconds(seconds);
  wire->set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace sluice
