// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_BLOCK_FINDER_H_
#define SLUICE_SERVER_QUEUE_BLOCK_FINDER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "server/queue/topic_log.h"
#include "server/storage/message_store.h"

namespace sluice {

// Finds the blocks of messages of one topic, in memory or on disk; cheap when
// they are asked for in the order of the log. Reads the disk: for the I/O pool.
// Thread-compatible; `log` and `store` outlive it.
class BlockFinder {
 public:
  // With a channel: also finds its copies of messages, which the log may not
  // hold any more.
  BlockFinder(TopicLog& log, MessageStore& store, ChannelId channel = 0)
      : log_(log), store_(store), channel_(channel) {}

  // The block that holds `sequence`; null when none does any more. DATA_LOSS
  // when the log is damaged there.
  absl::StatusOr<RecordBlockPtr> Find(Sequence sequence);

 private:
  static bool Holds(const RecordBlockPtr& block, Sequence sequence);

  TopicLog& log_;
  MessageStore& store_;
  const ChannelId channel_;
  RecordBlockPtr current_;
  std::vector<RecordBlockPtr> read_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_BLOCK_FINDER_H_
