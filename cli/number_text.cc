// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/number_text.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace sluice {

std::string CountText(uint64_t count, NumberStyle style) {
  std::string text = absl::StrCat(count);
  if (style == NumberStyle::kPlain) return text;
  for (size_t from_end = 3; from_end < text.size(); from_end += 4) {
    text.insert(text.size() - from_end, 1, ' ');
  }
  return text;
}

std::string BytesText(uint64_t bytes, NumberStyle style) {
  if (style == NumberStyle::kPlain) return absl::StrCat(bytes);
  if (bytes < 1024) return absl::StrCat(bytes, " B");
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double amount = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  // What would be rounded to 1024.0 belongs to the next unit.
  while (amount >= 1023.95 && unit + 1 < std::size(kUnits)) {
    amount /= 1024;
    ++unit;
  }
  return absl::StrFormat("%.1f %s", amount, kUnits[unit]);
}

std::string DurationText(absl::Duration duration, NumberStyle style) {
  const double seconds = absl::ToDoubleSeconds(duration);
  if (style == NumberStyle::kPlain) return absl::StrFormat("%.3f", seconds);
  if (seconds < 59.95) return absl::StrFormat("%.1fs", seconds);
  const int64_t whole = std::llround(seconds);
  constexpr int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
  if (whole < kHour) {
    return absl::StrFormat("%dm%02ds", whole / kMinute, whole % kMinute);
  }
  if (whole < kDay) {
    return absl::StrFormat("%dh%02dm", whole / kHour, whole % kHour / kMinute);
  }
  return absl::StrFormat("%dd%02dh", whole / kDay, whole % kDay / kHour);
}

std::string RateText(double per_second, NumberStyle style) {
  if (per_second < 9.95) return absl::StrFormat("%.1f", per_second);
  return CountText(static_cast<uint64_t>(std::llround(per_second)), style);
}

}  // namespace sluice
