// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/registry.h"

#include <algorithm>

#include "server/queue/errors.h"

namespace sluice {

absl::StatusOr<std::shared_ptr<Topic>> Registry::Find(
    absl::string_view name) const {
  absl::ReaderMutexLock lock(&mu_);
  const auto it = topics_.find(name);
  if (it == topics_.end()) return TopicNotFound(name);
  return it->second;
}

std::pair<std::shared_ptr<Topic>, bool> Registry::FindOrMake(
    absl::string_view name, const Make& make) {
  absl::MutexLock lock(&mu_);
  const auto it = topics_.find(name);
  if (it != topics_.end()) return {it->second, false};
  std::shared_ptr<Topic> topic = make(next_id_++);
  topics_.emplace(name, topic);
  return {std::move(topic), true};
}

void Registry::Add(std::shared_ptr<Topic> topic) {
  absl::MutexLock lock(&mu_);
  topics_.emplace(topic->name(), topic);
}

bool Registry::Remove(const Topic& topic,
                      const std::function<bool()>& removing) {
  absl::MutexLock lock(&mu_);
  const auto it = topics_.find(topic.name());
  if (it == topics_.end() || it->second.get() != &topic) return false;
  if (!removing()) return false;
  topics_.erase(it);
  return true;
}

std::vector<std::shared_ptr<Topic>> Registry::All() const {
  std::vector<std::shared_ptr<Topic>> topics;
  {
    absl::ReaderMutexLock lock(&mu_);
    topics.reserve(topics_.size());
    for (const auto& [name, topic] : topics_) topics.push_back(topic);
  }
  std::sort(topics.begin(), topics.end(),
            [](const auto& a, const auto& b) { return a->name() < b->name(); });
  return topics;
}

}  // namespace sluice
