// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_CATALOG_RECORDS_H_
#define SLUICE_SERVER_QUEUE_CATALOG_RECORDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/queue/channel_config.h"
#include "server/queue/sequence_ranges.h"
#include "server/queue/topic_config.h"
#include "server/storage/message_store.h"

namespace sluice {

// What the node remembers of its topics and channels, as small JSON records in
// the meta family: few, rarely written, and readable with any RocksDB tool.
// Decode refuses (DATA_LOSS, CORRUPTION) what it cannot read whole.

struct TopicRecord {
  std::string name;
  TopicConfig config;
  absl::Time create_time;
  bool paused = false;
  Sequence paused_at = 0;  // meaningful while paused
  // Without a lasting channel: the first message that waits for one.
  Sequence unclaimed_from = 1;
  ChannelId next_channel_id = 1;
  SequenceRanges gaps;  // see TopicLog::Start

  std::string Encode() const;
  static absl::StatusOr<TopicRecord> Decode(absl::string_view bytes);
};

struct ChannelRecord {
  std::string name;
  ChannelConfig config;
  absl::Time create_time;
  bool paused = false;

  std::string Encode() const;
  static absl::StatusOr<ChannelRecord> Decode(absl::string_view bytes);
};

// Where a topic's log starts and how far its ids were used: what the blocks
// alone cannot say once they are forgotten, or when a crash took them.
struct LogMark {
  Sequence first = 1;
  uint64_t first_offset = 0;
  // Ids below it may have been seen by someone, whether or not their messages
  // are still there. After a clean stop: the end of the log.
  Sequence reserved_until = 1;
  uint64_t end_offset = 0;  // after a clean stop
  // Some of them were in memory only, so the log may have holes.
  bool held_memory = false;
  bool clean = false;

  std::string Encode() const;
  static absl::StatusOr<LogMark> Decode(absl::string_view bytes);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_CATALOG_RECORDS_H_
