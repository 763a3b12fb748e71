// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/deferred_set.h"

namespace sluice {

void DeferredSet::PopDue(int64_t now, std::vector<DeferredMessage>* due) {
  auto end = messages_.begin();
  while (end != messages_.end() && end->due <= now) due->push_back(*end++);
  messages_.erase(messages_.begin(), end);
}

void DeferredSet::ForEach(
    const std::function<void(const DeferredMessage&)>& visit) const {
  for (const DeferredMessage& message : messages_) visit(message);
}

void DeferredSet::ForEachFromLast(
    const std::function<bool(const DeferredMessage&)>& visit) const {
  for (auto at = messages_.rbegin(); at != messages_.rend(); ++at) {
    if (!visit(*at)) return;
  }
}

}  // namespace sluice
