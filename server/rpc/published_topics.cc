// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/published_topics.h"

#include <algorithm>

namespace sluice {

PublishedTopics::~PublishedTopics() {
  for (const auto& [name, weak] : topics_) {
    if (const std::shared_ptr<Topic> topic = weak.lock()) {
      broker_.RemovePublisher(topic);
    }
  }
}

void PublishedTopics::Note(absl::string_view name,
                           const std::shared_ptr<Topic>& topic) {
  std::weak_ptr<Topic>& known = topics_[name];
  if (known.lock() != topic) {
    known = topic;
    broker_.AddPublisher(topic);
  }
  if (topics_.size() >= forget_at_) ForgetDeleted();
}

void PublishedTopics::ForgetDeleted() {
  absl::erase_if(topics_,
                 [](const auto& entry) { return entry.second.expired(); });
  forget_at_ = std::max<size_t>(64, 2 * topics_.size());
}

}  // namespace sluice
