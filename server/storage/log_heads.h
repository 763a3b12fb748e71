// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_LOG_HEADS_H_
#define SLUICE_SERVER_STORAGE_LOG_HEADS_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "server/storage/message_store.h"

namespace sluice {

// Where the kept part of a topic's log begins. Nothing of the log is below.
struct LogHead {
  Sequence sequence = 0;
  uint64_t log_offset = 0;
};

// The heads of all topics, as far as they are known. Reads start there, because
// stepping over a deleted range is slow. Thread-safe.
class LogHeads {
 public:
  absl::optional<LogHead> Find(TopicId topic) const {
    absl::MutexLock lock(&mu_);
    const auto head = heads_.find(topic);
    if (head == heads_.end()) return absl::nullopt;
    return head->second;
  }

  void Set(TopicId topic, LogHead head) {
    absl::MutexLock lock(&mu_);
    heads_[topic] = head;
  }

  void Erase(TopicId topic) {
    absl::MutexLock lock(&mu_);
    heads_.erase(topic);
  }

  // A block is about to be written there, perhaps below a known head.
  void Lower(TopicId topic, LogHead to) {
    absl::MutexLock lock(&mu_);
    const auto head = heads_.find(topic);
    if (head != heads_.end() && to.sequence < head->second.sequence) {
      head->second = to;
    }
  }

 private:
  mutable absl::Mutex mu_;
  absl::flat_hash_map<TopicId, LogHead> heads_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_LOG_HEADS_H_
