// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_REFUSALS_H_
#define SLUICE_SERVER_RPC_REFUSALS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sluice {

// The errors that arise here and not below, by what happened.

// UNAVAILABLE, DRAINING: the node is going away.
absl::Status NodeDrains();

// RESOURCE_EXHAUSTED, MEMORY_LIMIT: no room for a publish came free in time.
absl::Status NoRoomForPublish();

// INVALID_ARGUMENT, OUT_OF_ORDER: a command at the wrong moment of a stream.
absl::Status OutOfOrder(absl::string_view field, absl::string_view message);

// What this version answers to parts of the contract that it does not have: a
// refusal, never a request carried out in part. `what` is a field path or the
// name of a call.
absl::Status Unimplemented(absl::string_view what);

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_REFUSALS_H_
