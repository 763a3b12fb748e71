// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_PARKING_LOT_H_
#define SLUICE_SERVER_QUEUE_PARKING_LOT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "server/storage/message_store.h"

namespace sluice {

// Which unfinished messages of a channel have a copy of their own on disk, so
// that the log need not be kept for them. Knows bodies only on their way there;
// where a message is otherwise (leased, deferred, ready again) the channel
// knows.
//
//   Begin ─► wanted ─Arrive─► waiting ─Save─► writing ─Saved─► parked
//
// Finish() ends a message in any of these; what is or may be on disk of it is
// erased with the next save. All writes go with the channel's cursor, whose
// record says for each message whether it is parked.
//
// Thread-compatible: guarded by its channel.
class ParkingLot {
 public:
  ParkingLot(TopicId topic, ChannelId channel)
      : topic_(topic), channel_(channel) {}

  // Nothing is here or on its way: true nearly always.
  bool idle() const {
    return wanted_.empty() && waiting_.empty() && writing_.empty() &&
           parked_.empty();
  }

  // The bodies of these are being read.
  void Begin(const std::vector<Sequence>& sequences);
  // That is over. Each block holds one message.
  void Arrive(const std::vector<RecordBlockPtr>& copies);
  bool reading() const { return reading_; }
  // Copies are not on disk yet.
  bool has_unsaved() const { return !waiting_.empty() || !writing_.empty(); }
  // No message above it is here.
  Sequence newest() const { return newest_; }

  // Was parked by an earlier run.
  void Restore(Sequence sequence, uint32_t bytes);

  // Adds what is to be written with the cursor record. Afterwards IsSaved()
  // says what the record must say.
  void Save(std::vector<StateWrite>* writes);
  bool IsSaved(Sequence sequence, uint32_t* bytes) const;
  // It is on disk: returns what is parked since then.
  std::vector<Sequence> Saved();
  // It may not be: all of it goes with the next save again.
  void NotSaved();

  // The message has a copy on disk, and perhaps nothing in the log.
  bool Holds(Sequence sequence) const { return parked_.contains(sequence); }
  // It is on its way there, or there.
  bool Knows(Sequence sequence) const;
  void Finish(Sequence sequence);
  // All are finished, those on shelves too.
  void Clear();

  // A parked message is deferred so long that its shelf will know of it, and
  // not the lot; returns the size of its copy. And back.
  uint32_t Shelve(Sequence sequence);
  void Unshelve(Sequence sequence, uint32_t bytes);
  // Copies on shelves of an earlier run.
  void RestoreShelved(uint64_t bytes) { bytes_ += bytes; }

  // Of all copies.
  uint64_t bytes() const { return bytes_; }

 private:
  const TopicId topic_;
  const ChannelId channel_;
  bool reading_ = false;
  Sequence newest_ = 0;
  absl::flat_hash_set<Sequence> wanted_;
  absl::btree_map<Sequence, RecordBlockPtr> waiting_;
  absl::btree_map<Sequence, RecordBlockPtr> writing_;
  absl::flat_hash_map<Sequence, uint32_t> parked_;  // and their bytes
  uint64_t bytes_ = 0;  // of parked_ and of what is on shelves
  std::vector<Sequence> to_erase_;
  std::vector<Sequence> erasing_;
  bool erase_all_ = false;
  bool erasing_all_ = false;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_PARKING_LOT_H_
