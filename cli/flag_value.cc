// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/flag_value.h"

#include <cmath>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace sluice {
namespace {

absl::Status Wrong(absl::string_view text, absl::string_view wanted) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", absl::Utf8SafeCEscape(text), "\" is not ", wanted));
}

// Abseil knows no days. Takes them off the front of `text`.
bool ConsumeDays(absl::string_view* text, absl::Duration* days) {
  const size_t end = text->find('d');
  if (end == absl::string_view::npos) return true;
  double count = 0;
  if (!absl::SimpleAtod(text->substr(0, end), &count)) return false;
  *days = count * absl::Hours(24);
  text->remove_prefix(end + 1);
  return true;
}

template <typename Number>
absl::StatusOr<Number> ParseWhole(absl::string_view text,
                                  absl::string_view wanted) {
  Number number = 0;
  // SimpleAtoi would also take blanks and a sign.
  if (text.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(text, &number)) {
    return Wrong(text, wanted);
  }
  return number;
}

}  // namespace

absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text) {
  constexpr char kWanted[] = "a duration such as 250ms, 60s or 15m";
  absl::string_view rest = text;
  absl::Duration days;
  absl::Duration clock;
  if (!ConsumeDays(&rest, &days)) return Wrong(text, kWanted);
  const bool only_days = rest.empty() && !text.empty();
  if (!only_days && !absl::ParseDuration(rest, &clock)) {
    return Wrong(text, kWanted);
  }
  const absl::Duration duration = days + clock;
  if (duration < absl::ZeroDuration() || duration == absl::InfiniteDuration()) {
    return Wrong(text, kWanted);
  }
  return duration;
}

absl::StatusOr<absl::Duration> ParsePositiveDuration(absl::string_view text) {
  absl::StatusOr<absl::Duration> duration = ParseDuration(text);
  if (duration.ok() && *duration <= absl::ZeroDuration()) {
    return Wrong(text, "a duration above 0");
  }
  return duration;
}

absl::StatusOr<uint32_t> ParseUint32(absl::string_view text) {
  return ParseWhole<uint32_t>(text, "a whole number from 0 to 4294967295");
}

absl::StatusOr<uint64_t> ParseUint64(absl::string_view text) {
  return ParseWhole<uint64_t>(text, "a whole number");
}

absl::StatusOr<uint32_t> ParsePositiveUint32(absl::string_view text) {
  absl::StatusOr<uint32_t> number = ParseUint32(text);
  if (number.ok() && *number == 0) return Wrong(text, "above 0");
  return number;
}

absl::StatusOr<double> ParseRate(absl::string_view text) {
  double rate = 0;
  if (!absl::SimpleAtod(text, &rate) || !std::isfinite(rate) || rate <= 0) {
    return Wrong(text, "a number of messages per second above 0");
  }
  return rate;
}

absl::StatusOr<uint64_t> ParseSize(absl::string_view text) {
  constexpr char kWanted[] = "a size such as 65536, 64KiB or 5MiB";
  absl::string_view digits = text;
  int shift = 0;
  if (absl::ConsumeSuffix(&digits, "KiB")) {
    shift = 10;
  } else if (absl::ConsumeSuffix(&digits, "MiB")) {
    shift = 20;
  } else if (absl::ConsumeSuffix(&digits, "GiB")) {
    shift = 30;
  }
  const absl::StatusOr<uint64_t> number = ParseWhole<uint64_t>(digits, kWanted);
  if (!number.ok() ||
      *number > (std::numeric_limits<uint64_t>::max() >> shift)) {
    return Wrong(text, kWanted);
  }
  return *number << shift;
}

absl::StatusOr<v1::Durability> ParseDurability(absl::string_view text) {
  if (text == "memory") return v1::DURABILITY_MEMORY;
  if (text == "os") return v1::DURABILITY_OS;
  if (text == "disk") return v1::DURABILITY_DISK;
  return Wrong(text, "memory, os or disk");
}

absl::StatusOr<v1::StartPosition> ParseStartPosition(absl::string_view text) {
  if (text == "earliest") return v1::START_POSITION_EARLIEST;
  if (text == "latest") return v1::START_POSITION_LATEST;
  return Wrong(text, "earliest or latest");
}

absl::StatusOr<std::pair<std::string, std::string>> ParseAttribute(
    absl::string_view text) {
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos || equals == 0) {
    return Wrong(text, "of the form key=value");
  }
  return std::make_pair(std::string(text.substr(0, equals)),
                        std::string(text.substr(equals + 1)));
}

absl::StatusOr<std::string> ParseDelimiter(absl::string_view text) {
  std::string delimiter;
  if (!absl::CUnescape(text, &delimiter)) {
    return Wrong(text,
                 "a delimiter (a backslash begins an escape; "
                 "write \\\\ for one)");
  }
  return delimiter;
}

}  // namespace sluice
