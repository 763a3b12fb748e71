// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_SHELF_RECORD_H_
#define SLUICE_SERVER_QUEUE_SHELF_RECORD_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/queue/cursor_state.h"
#include "server/storage/message_store.h"

namespace sluice {

// Reads one shelf of deferred messages (see Shelves) by its key in the parked
// family. Its record has the form of a cursor record: the messages are its
// `unfinished`, and its cursor means nothing. Reads the disk. NOT_FOUND when it
// is not there, DATA_LOSS when it is damaged.
absl::StatusOr<CursorState> ReadShelf(MessageStore& store,
                                      absl::string_view key);

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_SHELF_RECORD_H_
