// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_PUBLISHER_CHECK_H_
#define SLUICE_CLI_PUBLISHER_CHECK_H_

#include "absl/status/status.h"
#include "cli/settings.h"
#include "cli/stop_signal.h"

namespace sluice {

// Whether there is anybody to publish to, so that a mistake in an address is
// told at once and not after all that is tried later on: opens a publish stream
// on one node after the other, and ends it, until one is well. Publishes
// nothing.
//
// Errors: those of the lookups, and of the only node; UNAVAILABLE when none of
// several is well; CANCELLED when `stop` put an end to it. The only node may
// take the time of a call, one of several 2 s.
absl::Status CheckForPublisher(const Settings& settings, StopSignal* stop);

}  // namespace sluice

#endif  // SLUICE_CLI_PUBLISHER_CHECK_H_
