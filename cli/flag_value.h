// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_FLAG_VALUE_H_
#define SLUICE_CLI_FLAG_VALUE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sluice/v1/types.pb.h"

namespace sluice {

// Flag values as people write them. Errors are INVALID_ARGUMENT and say what
// would have been right.

// `250ms`, `60s`, `15m`, `1h30m`, `365d`; not negative, finite.
absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text);

// The same, above 0.
absl::StatusOr<absl::Duration> ParsePositiveDuration(absl::string_view text);

absl::StatusOr<uint32_t> ParseUint32(absl::string_view text);
absl::StatusOr<uint64_t> ParseUint64(absl::string_view text);

// Above 0.
absl::StatusOr<uint32_t> ParsePositiveUint32(absl::string_view text);

// Above 0, fractions allowed.
absl::StatusOr<double> ParseRate(absl::string_view text);

// Bytes: `1048576`, `64KiB`, `5MiB`, `1GiB`.
absl::StatusOr<uint64_t> ParseSize(absl::string_view text);

// `memory`, `os` or `disk`.
absl::StatusOr<v1::Durability> ParseDurability(absl::string_view text);

// `earliest` or `latest`.
absl::StatusOr<v1::StartPosition> ParseStartPosition(absl::string_view text);

// `key=value`; the key is not empty and the value may hold more "=".
absl::StatusOr<std::pair<std::string, std::string>> ParseAttribute(
    absl::string_view text);

// A delimiter, with C's escapes for what is hard to type: `\n`, `\t`, `\0`,
// `\x1e`. May be empty.
absl::StatusOr<std::string> ParseDelimiter(absl::string_view text);

}  // namespace sluice

#endif  // SLUICE_CLI_FLAG_VALUE_H_
