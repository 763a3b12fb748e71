// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/tail_cache.h"

namespace sluice {

bool TailCache::IsGone(const Entry& entry) {
  const std::shared_ptr<TopicLog> log = entry.log.lock();
  return log == nullptr || log->tail().CachedIsGone(entry.first);
}

void TailCache::Note(const std::shared_ptr<TopicLog>& log, Sequence first) {
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
