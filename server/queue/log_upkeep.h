// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_LOG_UPKEEP_H_
#define SLUICE_SERVER_QUEUE_LOG_UPKEEP_H_

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/io_pool.h"
#include "server/queue/topic.h"
#include "server/storage/message_store.h"

namespace sluice {

// What leaves a topic's log as time passes: request ids past the dedup window,
// finished messages past the retention, and space that no channel needs any
// more. Holds the topics of which something may be due, and looks at no others.
//
// Owned by the Committer, and used by whoever commits: not thread-safe. Keeps
// the topics it holds alive.
class LogUpkeep {
 public:
  // All outlive it.
  LogUpkeep(MessageStore& store, Clock& clock, IoPool& io_pool);

  // `topic` remembers request ids.
  void WatchRequestIds(const std::shared_ptr<Topic>& topic);
  // `topic` keeps finished messages for a time.
  void WatchRetention(const std::shared_ptr<Topic>& topic);
  // A floor of `topic` may have moved.
  void WatchFloors(const std::shared_ptr<Topic>& topic);

  // Nothing will be due, however much time passes.
  bool idle() const { return !has_clocked() && forgettable_.empty(); }
  // Request ids or retained messages run out some day.
  bool has_clocked() const {
    return !deduplicated_.empty() || !retaining_.empty();
  }

  // Lets go of request ids that are too old at `now`, in memory, and on disk
  // with `batch`.
  void ExpireRequestIds(absl::Time now, StoreBatch* batch);
  // Lets go of finished messages whose retention is over.
  void ReleaseRetained(SteadyTime now);
  // Tells the store to forget what no channel needs, when it is much, or was
  // long ago. Blocks for the write of a mark; the rest is the I/O pool's.
  void ForgetWhatIsDone(SteadyTime now);

 private:
  void SampleLogOf(const Topic& topic);
  void Forget(Topic& topic);

  MessageStore& store_;
  Clock& clock_;
  IoPool& io_pool_;

  // Topics that remember request ids, and below which message the store has no
  // more of their records.
  absl::flat_hash_map<std::shared_ptr<Topic>, Sequence> deduplicated_;
  // Topics that keep finished messages for a time, and have some.
  absl::flat_hash_set<std::shared_ptr<Topic>> retaining_;
  // Topics whose log may have something to forget, and since when.
  absl::flat_hash_map<std::shared_ptr<Topic>, SteadyTime> forgettable_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_LOG_UPKEEP_H_
