// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/tail_cache.h"

#include <algorithm>

namespace sluice {

bool TailCache::IsGone(const Entry& entry) {
  const std::shared_ptr<TopicLog> log = entry.log.lock();
  return log == nullptr || log->tail().CachedIsGone(entry.first);
}

// One block that nobody consumes, at the front, keeps the entries of all that
// were consumed since.
void TailCache::Sweep() {
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(), IsGone),
                 entries_.end());
  sweep_at_ = std::max(kFewEntries, 2 * entries_.size());
}

void TailCache::Note(const std::shared_ptr<TopicLog>& log, Sequence first) {
  if (entries_.size() >= sweep_at_) Sweep();
  entries_.push_back({log, first});
  // Two for one: entries whose block was consumed cannot pile up.
  for (int i = 0; i < 2 && !entries_.empty() && IsGone(entries_.front()); ++i) {
    entries_.pop_front();
  }
  while (budget_.CacheIsOver() && !entries_.empty()) {
    const Entry oldest = entries_.front();
    entries_.pop_front();
    if (const std::shared_ptr<TopicLog> held = oldest.log.lock()) {
      held->tail().EvictCached(oldest.first);
    }
  }
}

}  // namespace sluice
