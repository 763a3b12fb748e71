// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BASE_NAMES_H_
#define SLUICE_BASE_NAMES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sluice {

// Names of topics and channels: 1 to 64 characters of `.a-zA-Z0-9_-`, with
// `#ephemeral` allowed at the end (it counts, and alone is no name). The rule
// is NSQ's. Case-sensitive.

constexpr int kMaxNameLength = 64;
constexpr char kEphemeralSuffix[] = "#ephemeral";

// OK, or INVALID_NAME about `field` (`topic`, `channel`, …) saying which part
// of the rule is broken.
absl::Status ValidateName(absl::string_view field, absl::string_view name);

// True for names that end in `#ephemeral`: never on disk, gone with the last
// user.
bool IsEphemeralName(absl::string_view name);

}  // namespace sluice

#endif  // SLUICE_BASE_NAMES_H_
