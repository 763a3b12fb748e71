// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags/values.h"

#include <iterator>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace sluice {
namespace {

struct DurationUnit {
  absl::string_view name;
  absl::Duration length;
};

// Largest first.
const DurationUnit kDurationUnits[] = {
    {"d", absl::Hours(24)},        {"h", absl::Hours(1)},
    {"m", absl::Minutes(1)},       {"s", absl::Seconds(1)},
    {"ms", absl::Milliseconds(1)}, {"us", absl::Microseconds(1)},
    {"ns", absl::Nanoseconds(1)},
};

struct SizeUnit {
  absl::string_view name;
  uint64_t bytes;
};

// Largest first.
constexpr SizeUnit kSizeUnits[] = {
    {"TiB", uint64_t{1} << 40},
    {"GiB", uint64_t{1} << 30},
    {"MiB", uint64_t{1} << 20},
    {"KiB", uint64_t{1} << 10},
    {"B", 1},
    {"", 1},
};

absl::optional<absl::Duration> UnitLength(absl::string_view name) {
  for (const DurationUnit& unit : kDurationUnits) {
    if (unit.name == name) return unit.length;
  }
  return absl::nullopt;
}

// Cuts the longest prefix of characters that `wanted` accepts off `text`.
absl::string_view Consume(absl::string_view* text, bool (*wanted)(char)) {
  size_t length = 0;
  while (length < text->size() && wanted((*text)[length])) ++length;
  const absl::string_view prefix = text->substr(0, length);
  text->remove_prefix(length);
  return prefix;
}

bool IsNumberPart(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '.';
}
bool IsUnitPart(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c));
}

}  // namespace

absl::optional<uint64_t> ParseInteger(absl::string_view text) {
  if (text.empty()) return absl::nullopt;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      return absl::nullopt;
    }
  }
  uint64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) return absl::nullopt;
  return value;
}

absl::optional<bool> ParseBool(absl::string_view text) {
  for (const absl::string_view yes : {"true", "1", "yes", "on"}) {
    if (absl::EqualsIgnoreCase(text, yes)) return true;
  }
  for (const absl::string_view no : {"false", "0", "no", "off"}) {
    if (absl::EqualsIgnoreCase(text, no)) return false;
  }
  return absl::nullopt;
}

absl::optional<absl::Duration> ParseDurationValue(absl::string_view text) {
  if (text.empty()) return absl::nullopt;
  if (text == "0") return absl::ZeroDuration();
  absl::Duration sum;
  while (!text.empty()) {
    const absl::string_view digits = Consume(&text, IsNumberPart);
    const auto unit = UnitLength(Consume(&text, IsUnitPart));
    double number = 0;
    if (!unit.has_value() || !absl::SimpleAtod(digits, &number)) {
      return absl::nullopt;
    }
    // Whole numbers stay exact however large they are.
    const auto whole = ParseInteger(digits);
    const bool exact =
        whole.has_value() && *whole <= std::numeric_limits<int64_t>::max();
    sum += exact ? *unit * static_cast<int64_t>(*whole) : *unit * number;
  }
  if (sum == absl::InfiniteDuration()) return absl::nullopt;
  return sum;
}

std::string FormatDurationValue(absl::Duration duration) {
  if (duration == absl::ZeroDuration()) return "0s";
  for (const DurationUnit& unit : kDurationUnits) {
    if (duration % unit.length == absl::ZeroDuration()) {
      return absl::StrCat(duration / unit.length, unit.name);
    }
  }
  return absl::StrCat(absl::ToInt64Nanoseconds(duration), "ns");
}

absl::optional<uint64_t> ParseSize(absl::string_view text) {
  for (const SizeUnit& unit : kSizeUnits) {
    absl::string_view digits = text;
    if (!absl::ConsumeSuffix(&digits, unit.name)) continue;
    const auto number = ParseInteger(digits);
    if (!number.has_value()) return absl::nullopt;
    if (*number > std::numeric_limits<uint64_t>::max() / unit.bytes) {
      return absl::nullopt;
    }
    return *number * unit.bytes;
  }
  return absl::nullopt;
}

std::string FormatSize(uint64_t bytes) {
  for (const SizeUnit& unit : kSizeUnits) {
    if (unit.bytes > 1 && bytes >= unit.bytes && bytes % unit.bytes == 0) {
      return absl::StrCat(bytes / unit.bytes, unit.name);
    }
  }
  return absl::StrCat(bytes);
}

std::string QuoteToml(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      absl::StrAppend(&quoted, "\\", std::string(1, c));
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppendFormat(&quoted, "\\u%04X", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace sluice
