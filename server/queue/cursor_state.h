// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_CURSOR_STATE_H_
#define SLUICE_SERVER_QUEUE_CURSOR_STATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/storage/record_block.h"

namespace sluice {

// Where a channel stands, as it is kept on disk: it has met every message below
// `cursor`, and finished all of them but these. The record is
//
//   version (u8 = 2) ‖ cursor ‖ count ‖
//       count × (gap ‖ attempts × 4 + 2 × parked + deferred ‖ due if deferred ‖
//                parked_bytes if parked)
//
// and, with version 3, which is written only when there are shelves,
//
//       count × (shelf ‖ message_count ‖ first_due ‖ parked_bytes)
//
// with all numbers but the version as LEB128 varints; `gap` is the distance
// from the previous unfinished sequence (the first: from 0). Version 1 has
// plain attempts, and nothing in it is deferred or parked.
struct CursorState {
  struct Unfinished {
    Sequence sequence;
    uint32_t attempts;  // deliveries so far
    int64_t due = 0;    // while deferred: Unix nanoseconds; else 0
    // Of its copy in the parked family; 0 when it is not parked.
    uint32_t parked_bytes = 0;
    friend bool operator==(const Unfinished& a, const Unfinished& b) {
      return a.sequence == b.sequence && a.attempts == b.attempts &&
             a.due == b.due && a.parked_bytes == b.parked_bytes;
    }
  };

  // A record of deferred messages that are not listed here: see Shelves.
  struct Shelf {
    uint64_t id = 0;
    uint64_t message_count = 0;
    int64_t first_due = 0;      // Unix nanoseconds
    uint64_t parked_bytes = 0;  // of their copies
    friend bool operator==(const Shelf& a, const Shelf& b) {
      return a.id == b.id && a.message_count == b.message_count &&
             a.first_due == b.first_due && a.parked_bytes == b.parked_bytes;
    }
  };

  Sequence cursor = 1;
  std::vector<Unfinished> unfinished;  // by sequence, all below cursor
  std::vector<Shelf> shelves = {};     // by id

  std::string Encode() const;
  // DATA_LOSS (CORRUPTION) for bytes that Encode did not make.
  static absl::StatusOr<CursorState> Decode(absl::string_view bytes);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_CURSOR_STATE_H_
