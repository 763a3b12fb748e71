// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_NUMBER_TEXT_H_
#define SLUICE_CLI_NUMBER_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace sluice {

// Whether people read the numbers, or programs.
enum class NumberStyle { kHuman, kPlain };

// `15 285`, or `15285`.
std::string CountText(uint64_t count, NumberStyle style);

// `1.5 MiB`, or the bytes.
std::string BytesText(uint64_t bytes, NumberStyle style);

// The two largest units, `3m12s`, `1.5s` below a minute; or seconds with
// milliseconds, `192.000`.
std::string DurationText(absl::Duration duration, NumberStyle style);

// Per second: `15 285`, and one decimal below 10.
std::string RateText(double per_second, NumberStyle style);

}  // namespace sluice

#endif  // SLUICE_CLI_NUMBER_TEXT_H_
