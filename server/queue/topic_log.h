// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_TOPIC_LOG_H_
#define SLUICE_SERVER_QUEUE_TOPIC_LOG_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "server/queue/log_samples.h"
#include "server/queue/log_tail.h"
#include "server/queue/memory_budget.h"
#include "server/queue/sequence_ranges.h"
#include "server/storage/message_store.h"

namespace sluice {

// One topic's messages, wherever they are: the tail in memory, the rest in the
// store. Knows which sequences exist, gives new blocks their place, and keeps
// count of the bytes. Shared by the topic, its channels and the committer, and
// outlives the topic while a publish or a subscriber still holds it.
//
// Thread-safe, except where a method says that only the committer may call it.
class TopicLog {
 public:
  // Where the log stands when the node starts.
  struct Start {
    Sequence first = 1;  // all below is forgotten
    Sequence end = 1;    // of the next message
    uint64_t first_offset = 0;
    uint64_t end_offset = 0;
    // Sequences in [first, end) that no message has: an unclean stop lost what
    // was only in memory, the node jumped ahead so as not to use an id twice, a
    // write failed, or the topic was emptied.
    SequenceRanges gaps;
  };

  TopicLog(TopicId id, bool ephemeral, const Start& start,
           MemoryBudget& budget);

  TopicId id() const { return id_; }
  // Never written to the store.
  bool ephemeral() const { return ephemeral_; }
  LogTail& tail() { return tail_; }
  const LogTail& tail() const { return tail_; }

  // One past the newest message.
  Sequence end() const { return tail_.end(); }
  // Up to where channels may read: end(), or where the topic was paused.
  Sequence visible_end() const {
    const Sequence end = tail_.end();
    const Sequence held_at = held_at_.load();
    return held_at < end ? held_at : end;
  }
  // Messages from `sequence` on stay out of the channels' sight.
  void HoldAt(Sequence sequence) { held_at_ = sequence; }
  void Unhold() { held_at_ = UINT64_MAX; }

  // How many messages the log had or has in [from, to).
  uint64_t CountMessages(Sequence from, Sequence to) const
      ABSL_LOCKS_EXCLUDED(gaps_mu_);
  // The first sequence at or after `sequence` that is in no gap.
  Sequence SkipGap(Sequence sequence) const ABSL_LOCKS_EXCLUDED(gaps_mu_);
  // From now on nobody finds a message in [from, to).
  void AddGap(Sequence from, Sequence to) ABSL_LOCKS_EXCLUDED(gaps_mu_);
  SequenceRanges gaps() const ABSL_LOCKS_EXCLUDED(gaps_mu_);

  // All below is forgotten or about to be.
  Sequence first() const { return first_.load(); }
  // Bytes of the blocks kept, in memory or on disk.
  uint64_t bytes() const { return end_offset_.load() - first_offset_.load(); }

  // --- The committer only ---------------------------------------------------

  // Gives `block` the next sequences and seals it.
  void Number(RecordBlock* block);
  // Gives up the numbers of blocks that were not appended: a write failed, and
  // nobody knows what it left on disk. They become a gap, whatever is found
  // there, and marks made from now on keep them from being used again.
  void SkipNumbered();
  Sequence next_sequence() const { return next_sequence_; }
  uint64_t next_offset() const { return next_offset_; }

  void Append(RecordBlockPtr block, LogTail::Placement placement);

  // Everything below `sequence` is needed no more.
  void AdvanceFirst(Sequence sequence);
  // What a restart must know of the log, as a record. `clean` says that all of
  // it is on disk.
  StateWrite MarkRecord(bool clean) const;
  // Bytes of log before first().
  uint64_t first_offset() const { return first_offset_.load(); }

  // All messages below it were published at `time` (nanoseconds since 1970) or
  // earlier. As exact as a mark every few seconds makes it, and never too far.
  Sequence PublishedUntil(int64_t time) ABSL_LOCKS_EXCLUDED(samples_mu_);
  // Blocks of an earlier run are in the log whose age nobody knows.
  bool NeedsSamples() const {
    return !samples_wanted_ && first() < recovered_end_;
  }
  void WantSamples() { samples_wanted_ = true; }

  // --- Any thread -----------------------------------------------------------

  // What SampleLog found of an earlier run.
  void OfferSamples(LogSamples samples) ABSL_LOCKS_EXCLUDED(samples_mu_);

  // --- The committer's own --------------------------------------------------

  // Sequences below it survive in the store's mark even when their messages do
  // not (see LogMark). Never less than what an earlier run had set aside.
  Sequence reserved_until;
  // The log may have holes: a message of this run was, at some time, in memory
  // only, or numbers were skipped.
  bool may_have_holes = false;
  // Below it the store was told to forget, and a restart knows of nothing. Any
  // thread may read it.
  std::atomic<Sequence> forgotten_before{0};
  uint64_t forgotten_offset = 0;

 private:
  void TakeSamples() ABSL_LOCKS_EXCLUDED(samples_mu_);

  const TopicId id_;
  const bool ephemeral_;
  LogTail tail_;
  std::atomic<Sequence> held_at_{UINT64_MAX};
  std::atomic<Sequence> first_;
  std::atomic<uint64_t> first_offset_;
  std::atomic<uint64_t> end_offset_;

  // Most logs never have a gap: they need no lock to know it.
  std::atomic<bool> has_gaps_;
  mutable absl::Mutex gaps_mu_;
  SequenceRanges gaps_ ABSL_GUARDED_BY(gaps_mu_);

  // The committer's.
  Sequence next_sequence_;
  uint64_t next_offset_;
  const Sequence recovered_end_;
  bool samples_wanted_ = false;
  // Where some blocks start: lets bytes() follow first(), and PublishedUntil()
  // tell ages, without an index of every block.
  std::deque<LogSample> marks_;
  int64_t newest_ = 0;  // publish time; 0: not known

  absl::Mutex samples_mu_;
  absl::optional<LogSamples> offered_ ABSL_GUARDED_BY(samples_mu_);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_TOPIC_LOG_H_
