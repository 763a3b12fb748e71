// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_FLAGS_VALUES_H_
#define SLUICE_DAEMON_FLAGS_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace sluice {

// The values that flags, environment variables and configuration files are
// written in, and how they are printed. Each parser takes the whole text or
// nothing; what Format… prints, Parse… reads back.

// A whole number in decimal, without a sign.
absl::optional<uint64_t> ParseInteger(absl::string_view text);

// `true`, `false`, `1`, `0`, `yes`, `no`, `on`, `off`.
absl::optional<bool> ParseBool(absl::string_view text);

// Numbers with a unit (ns, us, ms, s, m, h, d), one after the other: `250ms`,
// `1.5s`, `1h30m`, `365d`. `0` needs no unit. Never negative.
absl::optional<absl::Duration> ParseDurationValue(absl::string_view text);
// In the largest unit that leaves no fraction: `90m`, `1500ms`.
std::string FormatDurationValue(absl::Duration duration);

// Bytes, or a whole number of B, KiB, MiB, GiB or TiB: `1048576`, `64MiB`.
absl::optional<uint64_t> ParseSize(absl::string_view text);
// In the largest unit that leaves no fraction: `64MiB`, `1000`.
std::string FormatSize(uint64_t bytes);

// `text` as a TOML basic string, quotes included.
std::string QuoteToml(absl::string_view text);

}  // namespace sluice

#endif  // SLUICE_DAEMON_FLAGS_VALUES_H_
