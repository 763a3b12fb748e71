// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_FLAGS_EDIT_DISTANCE_H_
#define SLUICE_DAEMON_FLAGS_EDIT_DISTANCE_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace sluice {

// How many characters must be inserted, deleted or replaced to make `b` of `a`.
// To guess what somebody meant to type.
size_t EditDistance(absl::string_view a, absl::string_view b);

}  // namespace sluice

#endif  // SLUICE_DAEMON_FLAGS_EDIT_DISTANCE_H_
