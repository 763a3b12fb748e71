// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_DEFERRED_SET_H_
#define SLUICE_SERVER_QUEUE_DEFERRED_SET_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/container/btree_set.h"
#include "server/storage/record_block.h"

namespace sluice {

// A message that waits for its time.
struct DeferredMessage {
  int64_t due = 0;  // Unix nanoseconds, by the wall clock
  Sequence sequence = 0;
  uint32_t attempts = 0;  // deliveries so far
};

// The messages of a channel that wait for their time, in the order in which it
// comes; those with the same time in the order of the log.
//
// Thread-compatible: guarded by its channel.
class DeferredSet {
 public:
  // `message` is not in the set.
  void Add(const DeferredMessage& message) { messages_.insert(message); }

  // `message` is in the set.
  void Remove(const DeferredMessage& message) { messages_.erase(message); }

  // Takes out every message whose time has come, appending it to `due`.
  void PopDue(int64_t now, std::vector<DeferredMessage>* due);

  // The next due time; INT64_MAX when nothing waits.
  int64_t NextDue() const {
    return messages_.empty() ? INT64_MAX : messages_.begin()->due;
  }

  // In order of due time.
  void ForEach(const std::function<void(const DeferredMessage&)>& visit) const;

  // From the latest due time back, until `visit` returns false.
  void ForEachFromLast(
      const std::function<bool(const DeferredMessage&)>& visit) const;

  size_t size() const { return messages_.size(); }
  bool empty() const { return messages_.empty(); }
  void Clear() { messages_.clear(); }

 private:
  struct Earlier {
    bool operator()(const DeferredMessage& a, const DeferredMessage& b) const {
      return a.due != b.due ? a.due < b.due : a.sequence < b.sequence;
    }
  };
  absl::btree_set<DeferredMessage, Earlier> messages_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_DEFERRED_SET_H_
