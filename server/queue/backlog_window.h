// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_BACKLOG_WINDOW_H_
#define SLUICE_SERVER_QUEUE_BACKLOG_WINDOW_H_

#include <cstddef>
#include <deque>
#include <vector>

#include "server/storage/record_block.h"

namespace sluice {

// The blocks a channel has read back from disk and not yet delivered: at most
// the chunk it works on and the one read ahead. Thread-compatible: guarded by
// its channel.
class BacklogWindow {
 public:
  // How much one read asks for.
  static constexpr size_t kChunkBytes = 1 << 20;

  // The block that holds `sequence`, or null. Never looks back: blocks below
  // `sequence` are let go.
  RecordBlockPtr Advance(Sequence sequence);
  // The block that holds `sequence`, or null.
  RecordBlockPtr Find(Sequence sequence) const;

  // Adds blocks that follow what is here.
  void Add(const std::vector<RecordBlockPtr>& blocks);
  void Clear();

  // One past the last message here; 0 when empty.
  Sequence end() const {
    return blocks_.empty() ? 0 : blocks_.back()->end_sequence();
  }
  // Time to read the next chunk: less than half of one is left.
  bool RunsLow() const;

  // A read is under way, or failed and waits for its retry.
  bool reading = false;

 private:
  std::deque<RecordBlockPtr> blocks_;
  size_t bytes_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_BACKLOG_WINDOW_H_
