// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags/flag.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"
#include "daemon/flags/values.h"

namespace sluice {
namespace {

Flag MakeFlag(absl::string_view name, absl::string_view value_name,
              absl::string_view help) {
  Flag flag;
  flag.name = std::string(name);
  flag.value_name = std::string(value_name);
  flag.help = std::string(help);
  return flag;
}

// Takes `value` when it is there and within the range, and otherwise says what
// is.
template <typename Parsed, typename Target>
absl::Status SetInRange(const absl::optional<Parsed>& value, Parsed min,
                        Parsed max, absl::string_view expected,
                        Target* target) {
  if (!value.has_value() || *value < min || max < *value) {
    return absl::InvalidArgumentError(absl::StrCat("expected ", expected));
  }
  *target = static_cast<Target>(*value);
  return absl::OkStatus();
}

}  // namespace

Flag IntegerFlag(absl::string_view name, uint32_t* target, uint32_t min,
                 uint32_t max, absl::string_view help) {
  Flag flag = MakeFlag(name, "N", help);
  flag.set = [=](absl::string_view text) {
    return SetInRange<uint64_t>(
        ParseInteger(text), min, max,
        absl::StrCat("a whole number from ", min, " to ", max), target);
  };
  flag.get = [=] { return absl::StrCat(*target); };
  return flag;
}

Flag SizeFlag(absl::string_view name, uint64_t* target, uint64_t min,
              uint64_t max, absl::string_view help) {
  Flag flag = MakeFlag(name, "SIZE", help);
  flag.set = [=](absl::string_view text) {
    return SetInRange<uint64_t>(
        ParseSize(text), min, max,
        absl::StrCat("bytes or a size such as 64KiB, 512MiB or 1GiB, from ",
                     FormatSize(min), " to ", FormatSize(max)),
        target);
  };
  flag.get = [=] { return QuoteToml(FormatSize(*target)); };
  return flag;
}

Flag DurationFlag(absl::string_view name, absl::Duration* target,
                  absl::Duration min, absl::Duration max,
                  absl::string_view help) {
  Flag flag = MakeFlag(name, "DURATION", help);
  flag.set = [=](absl::string_view text) {
    return SetInRange<absl::Duration>(
        ParseDurationValue(text), min, max,
        absl::StrCat("a duration such as 250ms, 60s or 15m, from ",
                     FormatDurationValue(min), " to ",
                     FormatDurationValue(max)),
        target);
  };
  flag.get = [=] { return QuoteToml(FormatDurationValue(*target)); };
  return flag;
}

Flag BoolFlag(absl::string_view name, bool* target, absl::string_view help) {
  Flag flag = MakeFlag(name, "BOOL", help);
  flag.is_switch = true;
  flag.set = [=](absl::string_view text) {
    const absl::optional<bool> value = ParseBool(text);
    if (!value.has_value()) {
      return absl::InvalidArgumentError("expected true or false");
    }
    *target = *value;
    return absl::OkStatus();
  };
  flag.get = [=] { return std::string(*target ? "true" : "false"); };
  return flag;
}

Flag TextFlag(absl::string_view name, absl::string_view value_name,
              std::string* target, absl::string_view help,
              absl::string_view when_empty) {
  Flag flag = MakeFlag(name, value_name, help);
  flag.when_empty = std::string(when_empty);
  flag.set = [=](absl::string_view text) {
    if (text.empty()) return absl::InvalidArgumentError("expected a value");
    *target = std::string(text);
    return absl::OkStatus();
  };
  flag.get = [=] { return target->empty() ? "" : QuoteToml(*target); };
  return flag;
}

Flag ChoiceFlag(absl::string_view name, std::string* target,
                std::vector<std::string> choices, absl::string_view help,
                absl::string_view when_empty) {
  Flag flag =
      TextFlag(name, absl::StrJoin(choices, "|"), target, help, when_empty);
  flag.set = [target, choices = std::move(choices)](absl::string_view text) {
    if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected one of ", absl::StrJoin(choices, ", ")));
    }
    *target = std::string(text);
    return absl::OkStatus();
  };
  return flag;
}

}  // namespace sluice
