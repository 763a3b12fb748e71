// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_MESSAGE_STORE_H_
#define SLUICE_SERVER_STORAGE_MESSAGE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "server/storage/record_block.h"

namespace sluice {

// Names a topic's log for as long as the data directory lives: a topic that is
// deleted and made again gets a new one, so its old bytes cannot come back.
using TopicId = uint32_t;
// Likewise for a channel, unique within its topic.
using ChannelId = uint32_t;

// Where a small keyed record lives. Keys are made by server/storage/keys.h.
enum class StateFamily {
  kMeta,    // topics, channels, cursors
  kParked,  // copies of messages that a channel set aside
};

// One record to write; no value means delete.
struct StateWrite {
  StateFamily family = StateFamily::kMeta;
  std::string key;
  absl::optional<std::string> value;
  // With no value, and not empty: deletes all keys of [key, erase_to).
  std::string erase_to = {};
};

struct LogWrite {
  TopicId topic;
  RecordBlockPtr block;
};

// A block by its place, whether or not it is there.
struct LogPlace {
  TopicId topic;
  Sequence first_sequence;
};

// What one commit writes: all of it or nothing.
struct StoreBatch {
  std::vector<LogWrite> blocks;
  // Blocks that a failed Append may have left behind: taken out. None is in
  // `blocks`.
  std::vector<LogPlace> removed;
  std::vector<StateWrite> state;
  // True: on stable storage (fsync) before it is answered, together with
  // everything appended before. False: survives the death of the process.
  bool sync = false;
};

// What a topic's log holds on disk. An empty log has first == end and no bytes.
// Where its oldest block is damaged, `first` is at or below that one's, and
// offsets are those of the blocks that can be read.
struct LogExtent {
  Sequence first = 1;         // of the oldest block
  Sequence end = 1;           // one past the newest message
  uint64_t first_offset = 0;  // log_offset of the oldest block
  uint64_t end_offset = 0;    // log_offset + size of the newest block
  // False: the newest block is damaged. Then `end` is at least one past the
  // newest message that can be read, and nobody can tell how many follow.
  bool end_is_known = true;
};

// The log of every topic, and the small records beside it. RocksDB is behind
// it (rocks_message_store.h), a map in memory for tests
// (memory_message_store.h), and it is kept narrow so that a replicated engine
// fits too: appends answer by a completion, reads go by range, forgetting goes
// by prefix, and a store may refuse at any time because it is closed or another
// node owns the data now.
//
// Thread-safe. Every error is final for the call and leaves nothing half done;
// after a failed Append or Sync the store takes no more writes (health()).
class MessageStore {
 public:
  virtual ~MessageStore() = default;

  // Called once per Append, on any thread, perhaps before Append returns.
  using AppendDone = std::function<void(absl::Status)>;

  // Writes the batch atomically. Blocks come in log order per topic, except
  // for the blocks that a clean stop writes down late. When `done` gets OK the
  // batch is as durable as `batch.sync` says. UNAVAILABLE (STORE_UNAVAILABLE):
  // nothing was applied, or nobody can know and the store has closed itself.
  virtual void Append(StoreBatch batch, AppendDone done) = 0;

  // The blocks holding messages of [from, to), oldest first, stopping after
  // `max_bytes` or before a damaged block, but never before one block. Empty
  // when the range holds nothing. Blocks on disk. DATA_LOSS (CORRUPTION): the
  // first block is damaged; the message names it.
  virtual absl::StatusOr<std::vector<RecordBlockPtr>> ReadBlocks(
      TopicId topic, Sequence from, Sequence to, size_t max_bytes) = 0;

  // Where the log can be read again after ReadBlocks found [from, to) to begin
  // with damage: the first sequence of a block, or `to` when none before it can
  // be read. What is in between is lost. Blocks on disk.
  virtual absl::StatusOr<Sequence> SkipDamage(TopicId topic, Sequence from,
                                              Sequence to) = 0;

  // Where the topic's log starts and ends. Blocks on disk; for start-up. Reads
  // the whole log where its newest block is damaged.
  virtual absl::StatusOr<LogExtent> Extent(TopicId topic) = 0;

  // Drops every block that lies wholly below `before`; UINT64_MAX drops the
  // log. Cheap, whatever the number of messages; space comes back in the
  // background. A crash may undo it, which only costs space.
  virtual absl::Status Forget(TopicId topic, Sequence before) = 0;

  // Calls `visit` for each record of `family` whose key starts with `prefix`,
  // in key order; stops at the first error that `visit` returns.
  using StateVisitor = std::function<absl::Status(absl::string_view key,
                                                  absl::string_view value)>;
  virtual absl::Status ReadState(StateFamily family, absl::string_view prefix,
                                 const StateVisitor& visit) = 0;

  // Everything appended before is on stable storage when it returns OK.
  virtual absl::Status Sync() = 0;

  // OK while the store takes writes; else why it does not.
  virtual absl::Status health() = 0;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_MESSAGE_STORE_H_
