// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_DEDUP_WINDOW_H_
#define SLUICE_SERVER_QUEUE_DEDUP_WINDOW_H_

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "server/queue/dedup_record.h"
#include "server/queue/publish_outcome.h"
#include "server/storage/record_block.h"

namespace sluice {

// How long, and how many, request ids of one topic are remembered. No age or no
// ids: none, and a request that is tried again is a new one.
struct DedupLimits {
  absl::Duration age = absl::Minutes(5);
  uint64_t max_ids = 1'000'000;

  bool enabled() const { return age > absl::ZeroDuration() && max_ids > 0; }
};

// The answers that the recent publishes of one topic got, by request id, so
// that a publish which is tried again gets the first one's answer.
//
// An id is kept as a 128-bit hash under a key of this process: about 95 bytes
// an id, whatever its length. Ids whose messages are in memory only are kept
// whole as well, for the clean stop that writes both down.
//
// Not thread-safe: it is the committer's, which alone numbers publishes, so
// that of two with the same id one is surely first. The clock is the caller's;
// time that goes backwards counts as standing still.
class DedupWindow {
 public:
  explicit DedupWindow(const DedupLimits& limits);

  // The first answer to `request_id`, unless that was too long ago.
  absl::optional<PublishOutcome> Find(absl::string_view request_id,
                                      absl::Time now) const;

  enum class Written { kYes, kNo };  // its record is in the log's batch
  // `outcome` comes after all that were added before, in the topic's log.
  void Add(absl::string_view request_id, const PublishOutcome& outcome,
           absl::Time now, Written written);
  // The same, of a former run.
  void Restore(Sequence first_message, const DedupRecord& record);

  // Takes back all whose messages start at `from` or later: they could not be
  // written, and their ids are free again.
  void TakeBack(Sequence from);

  // Lets go of what is too old.
  void Expire(absl::Time now);

  bool empty() const { return order_.empty(); }
  uint64_t size() const { return order_.size(); }
  // Records of messages below it are of no use any more: where the oldest
  // remembered publish starts, or past all that ever were.
  Sequence first() const { return first_; }

  // What a clean stop has to write: of publishes whose messages were in memory
  // only, with the first message of each.
  std::vector<std::pair<Sequence, DedupRecord>> Unwritten() const;

 private:
  struct Hash {
    uint64_t high;
    uint64_t low;
    friend bool operator==(const Hash& a, const Hash& b) {
      return a.high == b.high && a.low == b.low;
    }
    template <typename H>
    friend H AbslHashValue(H state, const Hash& hash) {
      return H::combine(std::move(state), hash.low);
    }
  };
  struct Answer {
    Sequence first_message;
    uint32_t message_count;
    Durability durability;
  };
  struct Entry {
    Hash id;
    int64_t time_unix_nanos;
  };
  struct WholeId {
    Sequence first_message;
    std::string request_id;
  };

  Hash HashOf(absl::string_view request_id) const;
  bool TooOld(int64_t time_unix_nanos, absl::Time now) const;
  void DropOldest();

  const DedupLimits limits_;
  const uint64_t seed_;
  absl::flat_hash_map<Hash, Answer> answers_;
  std::deque<Entry> order_;        // oldest first, by time and by place
  std::deque<WholeId> unwritten_;  // likewise
  Sequence first_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_DEDUP_WINDOW_H_
