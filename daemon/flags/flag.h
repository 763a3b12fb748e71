// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_FLAGS_FLAG_H_
#define SLUICE_DAEMON_FLAGS_FLAG_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace sluice {

// One setting of a program: how it is called and explained, and how text
// becomes its value. The value lives in a variable of the program, which holds
// the default before anything is set. Made by the functions below.
struct Flag {
  std::string name;        // without dashes: `msg-timeout`
  std::string value_name;  // `DURATION`; for the help
  std::string help;        // what it does; lines of at most 46 characters
  // Sets the variable; an error says what would be right, as in "expected a
  // whole number".
  std::function<absl::Status(absl::string_view)> set;
  // The value as TOML; empty while the variable is empty.
  std::function<std::string()> get;
  // What an empty value means: `made once, kept in the data directory`.
  std::string when_empty;
  // `--name` alone means true.
  bool is_switch = false;
  // `--name=a --name=b` means `a,b`; in a configuration file an array does.
  bool repeatable = false;
};

// `target` outlives the flag; a value outside [min, max] is refused.
Flag IntegerFlag(absl::string_view name, uint32_t* target, uint32_t min,
                 uint32_t max, absl::string_view help);
Flag SizeFlag(absl::string_view name, uint64_t* target, uint64_t min,
              uint64_t max, absl::string_view help);
Flag DurationFlag(absl::string_view name, absl::Duration* target,
                  absl::Duration min, absl::Duration max,
                  absl::string_view help);
Flag BoolFlag(absl::string_view name, bool* target, absl::string_view help);
// Any text but the empty one.
Flag TextFlag(absl::string_view name, absl::string_view value_name,
              std::string* target, absl::string_view help,
              absl::string_view when_empty = "");
// One of `choices`.
Flag ChoiceFlag(absl::string_view name, std::string* target,
                std::vector<std::string> choices, absl::string_view help,
                absl::string_view when_empty = "");

}  // namespace sluice

#endif  // SLUICE_DAEMON_FLAGS_FLAG_H_
