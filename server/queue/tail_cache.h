// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_TAIL_CACHE_H_
#define SLUICE_SERVER_QUEUE_TAIL_CACHE_H_

#include <cstddef>
#include <deque>
#include <memory>

#include "server/queue/memory_budget.h"
#include "server/queue/topic_log.h"

namespace sluice {

// Keeps the cached blocks of all topics within one bound: the oldest goes
// first, whichever topic it belongs to. Not thread-safe: the committer's.
class TailCache {
 public:
  explicit TailCache(MemoryBudget& budget) : budget_(budget) {}

  // A cached block was appended to `log`, starting at `first`.
  void Note(const std::shared_ptr<TopicLog>& log, Sequence first);

  // At most about twice as many as blocks are cached, whatever was consumed.
  size_t entry_count() const { return entries_.size(); }

 private:
  static constexpr size_t kFewEntries = 1024;
  struct Entry {
    std::weak_ptr<TopicLog> log;
    Sequence first;
  };
  static bool IsGone(const Entry& entry);
  void Sweep();

  MemoryBudget& budget_;
  std::deque<Entry> entries_;  // oldest first
  size_t sweep_at_ = kFewEntries;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_TAIL_CACHE_H_
