// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/shelf_record.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "base/status_macros.h"

namespace sluice {

absl::StatusOr<CursorState> ReadShelf(MessageStore& store,
                                      absl::string_view key) {
  absl::optional<CursorState> found;
  SLUICE_RETURN_IF_ERROR(store.ReadState(
      StateFamily::kParked, key,
      [&found](absl::string_view, absl::string_view value) -> absl::Status {
        SLUICE_ASSIGN_OR_RETURN(found, CursorState::Decode(value));
        return absl::OkStatus();
      }));
  if (!found.has_value()) {
    return absl::NotFoundError("a shelf of deferred messages is not there");
  }
  return *std::move(found);
}

}  // namespace sluice
