// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/seen_ids.h"

namespace sluice {

SeenIds::Verdict SeenIds::See(const std::string& id, SteadyTime now) {
  Trim(now);
  const auto found = entries_.find(id);
  if (found != entries_.end()) {
    return found->second.done ? Verdict::kDone : Verdict::kUnderWay;
  }
  entries_[id].seen = now;
  return Verdict::kNew;
}

void SeenIds::Finished(const std::string& id, SteadyTime now) {
  Entry& entry = entries_[id];
  if (entry.done) return;
  entry.done = true;
  entry.seen = now;
  entry.place = order_.insert(order_.end(), id);
  Trim(now);
}

void SeenIds::Failed(const std::string& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.done) return;
  entries_.erase(found);
}

void SeenIds::Trim(SteadyTime now) {
  while (!order_.empty() && (order_.size() > max_ids_ ||
                             entries_[order_.front()].seen + max_age_ <= now)) {
    entries_.erase(order_.front());
    order_.pop_front();
  }
}

}  // namespace sluice
