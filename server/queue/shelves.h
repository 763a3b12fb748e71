// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_SHELVES_H_
#define SLUICE_SERVER_QUEUE_SHELVES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/types/optional.h"
#include "server/queue/cursor_state.h"
#include "server/storage/message_store.h"

namespace sluice {

// The deferred messages of a channel that are due so late that memory need not
// know them: each shelf is one record on disk that lists thousands, of which
// only the earliest due time and the number are kept here. All of them are
// parked, so the log is not needed for them either.
//
//   Put ─► unsaved ─Save─► writing ─Saved─► on disk ─Begin, End─► (erased)
//
// Writes go with the channel's cursor record, which lists the shelves.
// Thread-compatible: guarded by its channel.
class Shelves {
 public:
  Shelves(TopicId topic, ChannelId channel)
      : topic_(topic), channel_(channel) {}

  // As an earlier run left them.
  void Restore(const std::vector<CursorState::Shelf>& shelves);

  // On all shelves.
  uint64_t message_count() const { return message_count_; }
  // For the cursor record.
  std::vector<CursorState::Shelf> List() const;

  // Puts `messages` on a new shelf: at least one, by sequence, all deferred and
  // parked.
  void Put(std::vector<CursorState::Unfinished> messages);

  // The earliest due time on a shelf; INT64_MAX when there is none, or one is
  // being taken down already.
  int64_t NextDue() const;

  // Taking down the shelf with the earliest due time: what Begin() names is to
  // be read, or is there already; then comes End() or Abandon().
  struct Reading {
    uint64_t id;
    std::string key;                     // in the parked family
    absl::optional<std::string> record;  // when it is not on disk yet
  };
  Reading Begin();
  // Its messages are the caller's now. False when they are nobody's any more:
  // all was cleared meanwhile.
  bool End(uint64_t id);
  // It could not be read, and stays.
  void Abandon() { taking_down_ = false; }

  // Adds what is to be written with the cursor record; see ParkingLot::Save.
  void Save(std::vector<StateWrite>* writes);
  void Saved();
  void NotSaved();

  // All messages are finished. Who clears the parking lot erases the records.
  void Clear();

 private:
  std::string Key(uint64_t id) const;

  const TopicId topic_;
  const ChannelId channel_;
  absl::btree_map<uint64_t, CursorState::Shelf> shelves_;  // by id
  uint64_t message_count_ = 0;
  uint64_t next_id_ = 1;
  bool taking_down_ = false;

  absl::btree_map<uint64_t, std::string> unsaved_;
  absl::btree_map<uint64_t, std::string> writing_;
  std::vector<uint64_t> to_erase_;
  std::vector<uint64_t> erasing_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_SHELVES_H_
