// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_LOG_TAIL_H_
#define SLUICE_SERVER_QUEUE_LOG_TAIL_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/queue/memory_budget.h"
#include "server/storage/record_block.h"

namespace sluice {

// The part of a topic's log that is in memory: its newest blocks, and those of
// the memory queue, which are nowhere else until a clean stop.
//
//        log on disk        queued (memory only)   cached (also on disk)
//   ──┬─────┬─────┬─────┬ ─ ─ ─ ─ ┬───────┬───────┬──────────┬───────►
//     first                       Both may have holes; a reader asks     end
//                                 the store for what is missing.
//
// Thread-safe. Appends and evictions come from one thread, the committer.
class LogTail {
 public:
  // `end`: the sequence of the first message to come.
  LogTail(Sequence end, MemoryBudget& budget);
  ~LogTail();

  enum class Placement { kQueued, kCached };
  // `block` must start where the log ends.
  void Append(RecordBlockPtr block, Placement placement)
      ABSL_LOCKS_EXCLUDED(mu_);

  // The next block will start at `end`; nothing is in between.
  void SkipTo(Sequence end) { end_ = end; }

  // One past the newest message, or where SkipTo() moved on to.
  Sequence end() const { return end_.load(); }

  // Appends to `blocks` those in memory that follow one another from the one
  // holding `from`, until they cover `messages` of them. None when `from` is
  // not in memory. Returns the first sequence after `from` that is in memory
  // when `from` is not (end() if none).
  Sequence Snapshot(Sequence from, uint64_t messages,
                    std::vector<RecordBlockPtr>* blocks) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // Lets go of blocks that lie wholly below `before`. Cheap when there are
  // none.
  void Trim(Sequence before) ABSL_LOCKS_EXCLUDED(mu_);

  // Lets go of the oldest cached block if it starts at `first`. False when that
  // one is gone already.
  bool EvictCached(Sequence first) ABSL_LOCKS_EXCLUDED(mu_);
  bool CachedIsGone(Sequence first) const ABSL_LOCKS_EXCLUDED(mu_);

  // Drops the oldest queued blocks until at most `messages` remain; one block
  // always may stay. For ephemeral topics.
  void DropOldestQueued(uint64_t messages) ABSL_LOCKS_EXCLUDED(mu_);

  // Messages in memory only.
  uint64_t queued_messages() const {
    return queued_messages_.load(std::memory_order_relaxed);
  }
  // Of those, the ones at or after `from`.
  uint64_t QueuedFrom(Sequence from) const ABSL_LOCKS_EXCLUDED(mu_);
  // Below it there may be messages that were in memory only and are gone.
  Sequence gone_below() const { return gone_below_.load(); }
  // The oldest message in memory only; end() when there is none.
  Sequence QueuedStart() const ABSL_LOCKS_EXCLUDED(mu_);

  // The blocks in memory only, from the one holding `from`: what a clean stop
  // writes down.
  std::vector<RecordBlockPtr> QueuedBlocks(Sequence from) const
      ABSL_LOCKS_EXCLUDED(mu_);

 private:
  using Blocks = std::deque<RecordBlockPtr>;
  static void PopFrontBlock(Blocks& blocks, std::atomic<uint64_t>& bytes);
  void PopFrontQueued() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void NoteFront() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  MemoryBudget& budget_;
  std::atomic<Sequence> end_;
  // End of the oldest block in memory: below it Trim has nothing to do.
  std::atomic<Sequence> front_end_{UINT64_MAX};
  std::atomic<uint64_t> queued_messages_{0};
  std::atomic<Sequence> gone_below_{0};

  mutable absl::Mutex mu_;
  Blocks queued_ ABSL_GUARDED_BY(mu_);  // both in order of sequence
  Blocks cached_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_LOG_TAIL_H_
