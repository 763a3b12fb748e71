// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/cursor_state.h"

#include "absl/status/status.h"
#include "base/error.h"

namespace sluice {
namespace {

constexpr char kShelvesVersion = 3;
constexpr char kVersion = 2;
// With plain attempts; still read.
constexpr char kPlainVersion = 1;
constexpr uint64_t kDeferred = 1;
constexpr uint64_t kParked = 2;
constexpr int kFlagBits = 2;

void PutVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

bool GetVarint(absl::string_view* in, uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (in->empty()) return false;
    const auto byte = static_cast<unsigned char>(in->front());
    in->remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool GetShelves(absl::string_view* in,
                std::vector<CursorState::Shelf>* shelves) {
  uint64_t count = 0;
  if (!GetVarint(in, &count) || count == 0 || count > in->size() / 4) {
    return false;
  }
  shelves->reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    CursorState::Shelf shelf;
    uint64_t first_due = 0;
    if (!GetVarint(in, &shelf.id) || !GetVarint(in, &shelf.message_count) ||
        !GetVarint(in, &first_due) || !GetVarint(in, &shelf.parked_bytes) ||
        first_due > INT64_MAX || shelf.message_count == 0) {
      return false;
    }
    shelf.first_due = static_cast<int64_t>(first_due);
    shelves->push_back(shelf);
  }
  return true;
}

absl::Status Damaged() {
  return MakeError(absl::StatusCode::kDataLoss, "CORRUPTION",
                   "a channel's cursor record is damaged");
}

}  // namespace

std::string CursorState::Encode() const {
  std::string bytes(1, shelves.empty() ? kVersion : kShelvesVersion);
  PutVarint(cursor, &bytes);
  PutVarint(unfinished.size(), &bytes);
  Sequence previous = 0;
  for (const Unfinished& message : unfinished) {
    PutVarint(message.sequence - previous, &bytes);
    const bool deferred = message.due > 0;
    const bool parked = message.parked_bytes > 0;
    PutVarint(uint64_t{message.attempts} << kFlagBits |
                  (deferred ? kDeferred : 0) | (parked ? kParked : 0),
              &bytes);
    if (deferred) PutVarint(static_cast<uint64_t>(message.due), &bytes);
    if (parked) PutVarint(message.parked_bytes, &bytes);
    previous = message.sequence;
  }
  if (shelves.empty()) return bytes;
  PutVarint(shelves.size(), &bytes);
  for (const Shelf& shelf : shelves) {
    PutVarint(shelf.id, &bytes);
    PutVarint(shelf.message_count, &bytes);
    PutVarint(static_cast<uint64_t>(shelf.first_due), &bytes);
    PutVarint(shelf.parked_bytes, &bytes);
  }
  return bytes;
}

absl::StatusOr<CursorState> CursorState::Decode(absl::string_view bytes) {
  if (bytes.empty()) return Damaged();
  const char version = bytes.front();
  if (version < kPlainVersion || version > kShelvesVersion) return Damaged();
  bytes.remove_prefix(1);
  CursorState state;
  uint64_t count = 0;
  if (!GetVarint(&bytes, &state.cursor) || !GetVarint(&bytes, &count)) {
    return Damaged();
  }
  // Each takes at least two bytes: a wild count must not reserve memory.
  if (count > bytes.size() / 2) return Damaged();
  state.unfinished.reserve(count);
  Sequence previous = 0;
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t gap = 0;
    uint64_t attempts = 0;
    uint64_t due = 0;
    uint64_t parked_bytes = 0;
    if (!GetVarint(&bytes, &gap) || !GetVarint(&bytes, &attempts)) {
      return Damaged();
    }
    if (version != kPlainVersion) {
      const uint64_t flags = attempts;
      attempts >>= kFlagBits;
      if ((flags & kDeferred) != 0 &&
          (!GetVarint(&bytes, &due) || due == 0 || due > INT64_MAX)) {
        return Damaged();
      }
      if ((flags & kParked) != 0 &&
          (!GetVarint(&bytes, &parked_bytes) || parked_bytes == 0 ||
           parked_bytes > UINT32_MAX)) {
        return Damaged();
      }
    }
    if (gap == 0 || attempts > UINT32_MAX) return Damaged();
    previous += gap;
    if (previous >= state.cursor) return Damaged();
    state.unfinished.push_back({previous, static_cast<uint32_t>(attempts),
                                static_cast<int64_t>(due),
                                static_cast<uint32_t>(parked_bytes)});
  }
  if (version == kShelvesVersion && !GetShelves(&bytes, &state.shelves)) {
    return Damaged();
  }
  if (!bytes.empty()) return Damaged();
  return state;
}

}  // namespace sluice
