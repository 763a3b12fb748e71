// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/refusals.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace sluice {

absl::Status NodeDrains() {
  return MakeError(absl::StatusCode::kUnavailable, "DRAINING",
                   "the node is going away; use another one");
}

absl::Status NoRoomForPublish() {
  return MakeError(absl::StatusCode::kResourceExhausted, "MEMORY_LIMIT",
                   "publishes that wait for the disk fill the node's memory");
}

absl::Status OutOfOrder(absl::string_view field, absl::string_view message) {
  return InvalidArgument("OUT_OF_ORDER", field, message);
}

absl::Status Unimplemented(absl::string_view what) {
  return MakeError(
      absl::StatusCode::kUnimplemented, "UNIMPLEMENTED",
      absl::StrCat(what, " is not implemented in this version of the server"));
}

}  // namespace sluice
