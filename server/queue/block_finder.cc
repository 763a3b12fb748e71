// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/block_finder.h"

#include "base/status_macros.h"
#include "server/queue/parked_record.h"

namespace sluice {
namespace {

constexpr size_t kReadBytes = 1 << 20;

}  // namespace

bool BlockFinder::Holds(const RecordBlockPtr& block, Sequence sequence) {
  return block != nullptr && block->first_sequence() <= sequence &&
         sequence < block->end_sequence();
}

absl::StatusOr<RecordBlockPtr> BlockFinder::Find(Sequence sequence) {
  if (Holds(current_, sequence)) return current_;
  std::vector<RecordBlockPtr> in_memory;
  log_.tail().Snapshot(sequence, 1, &in_memory);
  if (!in_memory.empty()) return current_ = in_memory.front();
  if (log_.ephemeral()) return RecordBlockPtr();
  const bool is_ahead = !read_.empty() &&
                        read_.front()->first_sequence() <= sequence &&
                        sequence < read_.back()->end_sequence();
  if (!is_ahead) {
    SLUICE_ASSIGN_OR_RETURN(
        read_, store_.ReadBlocks(log_.id(), sequence, log_.end(), kReadBytes));
  }
  for (const RecordBlockPtr& block : read_) {
    if (Holds(block, sequence)) return current_ = block;
  }
  if (channel_ == 0) return RecordBlockPtr();
  return ReadParked(store_, log_.id(), channel_, sequence);
}

}  // namespace sluice
