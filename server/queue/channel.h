// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_CHANNEL_H_
#define SLUICE_SERVER_QUEUE_CHANNEL_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "base/io_pool.h"
#include "base/limits.h"
#include "server/queue/attachment.h"
#include "server/queue/backlog_window.h"
#include "server/queue/channel_config.h"
#include "server/queue/cursor_state.h"
#include "server/queue/dead_letter.h"
#include "server/queue/deadlines.h"
#include "server/queue/deferred_set.h"
#include "server/queue/lease_table.h"
#include "server/queue/message_state.h"
#include "server/queue/parking_lot.h"
#include "server/queue/sampler.h"
#include "server/queue/sequence_ranges.h"
#include "server/queue/shelves.h"
#include "server/queue/stats.h"
#include "server/queue/subscription.h"
#include "server/queue/topic_log.h"
#include "server/storage/message_store.h"

namespace sluice {

class Channel;

// What a channel tells its topic. Called under no lock of the channel.
class ChannelOwner {
 public:
  virtual ~ChannelOwner() = default;
  // The channel needs less of the log than before.
  virtual void OnFloorAdvanced() = 0;
  // Its cursor has changed since it was last saved. Once per SaveCursor(), and
  // once more, `urgent`, when many messages were finished since.
  virtual void OnCursorDirty(std::shared_ptr<Channel> channel, bool urgent) = 0;
  // Messages that it gives up are to go to `target`, and the channel is to hear
  // how that went: OnLettersStored().
  virtual void OnDeadLetters(std::shared_ptr<Channel> channel,
                             const std::string& target,
                             std::unique_ptr<RecordBlock> letters) = 0;
  // Nobody is subscribed any more.
  virtual void OnLastSubscriberGone(Channel& channel) = 0;
};

// What a channel needs of the node; all of it outlives the channel.
struct ChannelEnv {
  Clock& clock;
  const Limits& limits;
  MessageStore& store;
  IoPool& io_pool;
  Deadlines& deadlines;
  DeadLetterSink& dead_letters;
  // Called under locks when a channel has come or gone, to take a note of it;
  // may be null or hold nothing.
  const std::function<void()>* names_changed = nullptr;
};

// One named consumer group of a topic. Every message of the topic is delivered
// to one subscriber of the channel at a time, and again if it is not finished
// before its lease expires.
//
// A channel stores no bodies. It is a cursor into the topic's log, plus the
// exceptions below it: leases (in flight), messages ready again, and messages
// deferred, which wait for their time. The floor is the oldest message for
// which it needs the log: when the cursor is too far ahead, old exceptions are
// parked, which means that they get copies of their own, and the floor passes
// them. Where very many are deferred, those that are due last are put on
// shelves on disk, and memory does not know them until a minute before their
// time.
//
//      finished      exceptions and finished      not met yet
//   ──────────────┬────────────────────────────┬──────────────────┬──►
//               floor                        cursor          visible end
//
// Messages are counted by place: depth is what is ready again and what is ahead
// of the cursor, so no count can drift from the log.
//
// Thread-safe. No method blocks or does I/O. Owned by its Topic; subscriptions
// share it. Lock order: Channel, then LogTail; Deadlines and IoPool are leaves.
class Channel : public DeadlineListener,
                public std::enable_shared_from_this<Channel> {
 public:
  // Where the channel stands when it comes into being.
  struct Spec {
    std::string topic;
    std::string name;
    ChannelId id = 0;
    ChannelConfig config;
    absl::Time create_time;
    bool paused = false;
    CursorState cursor;
  };

  Channel(Spec spec, std::shared_ptr<TopicLog> log, const ChannelEnv& env,
          std::weak_ptr<ChannelOwner> owner);
  // Sets the timer for what was deferred when the channel was last saved, and
  // has what is too much of it parked. Once, before the channel is used.
  void Start() ABSL_LOCKS_EXCLUDED(mu_);

  // Constant after construction.
  const std::string& topic() const { return topic_; }
  const std::string& name() const { return name_; }
  ChannelId id() const { return id_; }
  bool ephemeral() const { return ephemeral_; }
  absl::Time create_time() const { return create_time_; }

  // --- Subscribers (see Subscription, which calls these) --------------------

  // TOO_MANY_SUBSCRIBERS, or the reason given to Close().
  absl::Status Attach(std::shared_ptr<Attachment> attachment)
      ABSL_LOCKS_EXCLUDED(mu_);
  // Gives all leases back. Idempotent.
  void Detach(Attachment& attachment) ABSL_LOCKS_EXCLUDED(mu_);
  void SetReady(Attachment& attachment, uint32_t count, uint64_t bytes)
      ABSL_LOCKS_EXCLUDED(mu_);
  uint32_t Take(Attachment& attachment, const TakeLimit& limit,
                std::vector<DeliveryRun>* runs) ABSL_LOCKS_EXCLUDED(mu_);
  void Finish(Attachment& attachment, absl::Span<const DeliveryId> ids,
              std::vector<DeliveryId>* not_in_flight) ABSL_LOCKS_EXCLUDED(mu_);
  void Requeue(Attachment& attachment, absl::Span<const DeliveryId> ids,
               absl::Duration delay, bool keep_attempts,
               std::vector<DeliveryId>* not_in_flight) ABSL_LOCKS_EXCLUDED(mu_);
  void Touch(Attachment& attachment, absl::Span<const DeliveryId> ids,
             std::vector<DeliveryId>* not_in_flight) ABSL_LOCKS_EXCLUDED(mu_);
  // It was woken and cannot come now: whoever waits next is woken in its place.
  void PassOn(Attachment& attachment) ABSL_LOCKS_EXCLUDED(mu_);
  uint64_t InFlight(const Attachment& attachment) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // --- The topic's side -----------------------------------------------------

  // New messages are visible. Costs one atomic read when nobody waits.
  void OnMessagesVisible() ABSL_LOCKS_EXCLUDED(mu_);

  void SetPaused(bool paused) ABSL_LOCKS_EXCLUDED(mu_);
  bool paused() const ABSL_LOCKS_EXCLUDED(mu_);

  // Counts from the next take and the next end of a lease on. Called under the
  // topic's lock, so it wakes nobody and calls nobody.
  void SetConfig(ChannelConfig config) ABSL_LOCKS_EXCLUDED(mu_);
  ChannelConfig config() const ABSL_LOCKS_EXCLUDED(mu_);

  // Drops everything that is ready, leased or deferred.
  void Empty() ABSL_LOCKS_EXCLUDED(mu_);

  // Ends all subscriptions with `reason`. Idempotent.
  void Close(const absl::Status& reason) ABSL_LOCKS_EXCLUDED(mu_);
  // Closes when nobody is subscribed; false otherwise.
  bool CloseIfUnused(const absl::Status& reason) ABSL_LOCKS_EXCLUDED(mu_);

  // The oldest message that must stay within reach: the floor; for an ephemeral
  // channel at most kEphemeralWindow messages back.
  Sequence NeededFrom() const;
  // Below it everything is finished, and that is on disk.
  Sequence saved_floor() const { return saved_floor_.load(); }

  // --- Cursor (the committer's side) ----------------------------------------

  // The record to write now, and what must go in the same batch; changes after
  // this call make the channel dirty again. `floor` is what the record says is
  // needed.
  CursorState SaveCursor(Sequence* floor, std::vector<StateWrite>* parked)
      ABSL_LOCKS_EXCLUDED(mu_);
  // Both are on disk; or perhaps not, and then they are to be saved again.
  void OnCursorSaved(Sequence floor) ABSL_LOCKS_EXCLUDED(mu_);
  void OnCursorNotSaved() ABSL_LOCKS_EXCLUDED(mu_);
  bool closed() const ABSL_LOCKS_EXCLUDED(mu_);

  // The dead letters handed out are part of this commit: what SaveCursor()
  // returns for it does not list them any more.
  void OnLettersNumbered() ABSL_LOCKS_EXCLUDED(mu_);
  // They are in their topic; or not, and then they are tried again.
  void OnLettersStored(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mu_);

  // --- Looking --------------------------------------------------------------

  ChannelStats Stats(bool include_subscribers) ABSL_LOCKS_EXCLUDED(mu_);
  // Of the copies it keeps.
  uint64_t parked_bytes() const ABSL_LOCKS_EXCLUDED(mu_);
  uint64_t in_flight() const ABSL_LOCKS_EXCLUDED(mu_);
  // Messages it has not finished.
  uint64_t unfinished() const ABSL_LOCKS_EXCLUDED(mu_);

  struct PeekEntry {
    Sequence sequence;
    uint32_t attempts;
    MessageState state;
  };
  // Up to `limit` unfinished messages at or above `from`, in log order: all, or
  // only those in `state`.
  std::vector<PeekEntry> Peek(Sequence from, uint32_t limit,
                              absl::optional<MessageState> state) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // Keys of the records, in the parked family, of deferred messages that Peek()
  // does not know.
  std::vector<std::string> ShelfKeys() const ABSL_LOCKS_EXCLUDED(mu_);

  // DeadlineListener: leases that ran out and deferred messages whose time has
  // come become ready again.
  SteadyTime OnDeadline(SteadyTime now) override ABSL_LOCKS_EXCLUDED(mu_);

  // How far an ephemeral channel may fall behind before it loses the oldest;
  // NSQ's default --mem-queue-size.
  static constexpr uint64_t kEphemeralWindow = 10000;
  // A crash may repeat about as many finished messages.
  static constexpr uint64_t kSaveEveryFinishes = 10000;

 private:
  struct ReadyAgain {
    Sequence sequence;
    uint32_t attempts;
  };
  // One Take in the making.
  struct Taking {
    uint32_t messages;  // still wanted
    size_t body_bytes;  // still allowed
    size_t first_run;   // of this take in `runs`
    size_t next_block;  // in blocks_, the run of the tail under the cursor
    uint32_t sample_percent;
    int64_t now;      // Unix nanoseconds; 0 until somebody asks
    uint32_t passed;  // messages that nobody gets: deferred, or sampled out
    std::vector<DeliveryRun>* runs;
  };
  // What to do once the lock is released.
  struct Aftermath {
    std::vector<std::shared_ptr<Subscriber>> wake;
    bool floor_advanced = false;
    bool became_dirty = false;
    bool save_urgently = false;
    SteadyTime arm = SteadyTime::InfiniteFuture();
  };
  enum class Window { kLog, kAgain };

  void Conclude(const Aftermath& aftermath) ABSL_LOCKS_EXCLUDED(mu_);

  // Taking (channel_take.cc).
  uint32_t TakeLocked(Attachment& attachment, const TakeLimit& limit,
                      std::vector<DeliveryRun>* runs, Aftermath* aftermath)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Half of a take while the log has work too. The odd one goes to each in
  // turn, so that a message requeued for ever cannot keep subscribers who take
  // one at a time from the log.
  uint32_t ShareOfReadyAgain(uint32_t messages)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TakeReadyAgain(uint32_t most, Taking* taking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TakeFromLog(Taking* taking) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Takes from `block` up to `stop`: all, or while some are deferred or sampled
  // out, the others. False when the take is full, or has looked at enough.
  bool TakeRun(const RecordBlockPtr& block, Sequence stop, Taking* taking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool TakeSelected(const RecordBlockPtr& block, Sequence stop, Taking* taking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Adds message `index` of `block`; false when it does not fit any more.
  bool TakeMessage(const RecordBlockPtr& block, uint32_t index,
                   uint32_t attempts, Taking* taking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Leases what taken_ holds, or with auto_finish finishes it, and gives the
  // runs their ids.
  void LeaseTaken(Attachment& attachment, absl::Span<DeliveryRun> runs,
                  Aftermath* aftermath) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  DeliveryId FinishTaken(Attachment& attachment, Aftermath* aftermath)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  DeliveryId GrantTaken(Attachment& attachment, Aftermath* aftermath)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // An ephemeral channel that fell too far behind loses the oldest.
  void DropOverflow() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // The block holding the cursor, from memory or read back; null after it has
  // asked the disk for it.
  RecordBlockPtr BlockAtCursor(Sequence end, Taking* taking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  RecordBlockPtr BlockOfReadyAgain(Sequence sequence)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void ReadAhead(Sequence end) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void StartRead(Window window, Sequence from, Sequence to)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void OnRead(Window window, Sequence from, Sequence to,
              absl::StatusOr<std::vector<RecordBlockPtr>> blocks)
      ABSL_LOCKS_EXCLUDED(mu_);
  // [from, to) cannot be delivered any more: it is in no place.
  void DropMissing(Window window, Sequence from, Sequence to)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // Deferring (channel_defer.cc).
  int64_t NowOf(Taking* taking) const;
  // Whether the message is due later, and was never delivered.
  bool MustWait(const RecordBlock& block, uint32_t index, uint32_t attempts,
                Taking* taking) const;
  // A lease ended without success, or its message's time has come.
  void PutBack(Sequence sequence, uint32_t attempts)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // What is due is ready again from now on; false when nothing was.
  bool ReleaseDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // How long to sleep when something is due in `wait`.
  static absl::Duration ClampToSleep(absl::Duration wait);
  // When to look for what is due.
  SteadyTime NextRelease() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Sets the timer when something is due earlier than `due_before`. Only then:
  // two looks at two clocks differ a little each time.
  void ArmRelease(int64_t due_before, Aftermath* aftermath)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Has OnDeadline called at `when`, if that is not to happen sooner.
  void Arm(SteadyTime when, Aftermath* aftermath)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Messages below the cursor that are not finished, as far as memory knows.
  uint64_t Exceptions() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return leases_.size() + ready_again_.size() + deferred_.size() + GivenUp();
  }

  // It takes no new messages from the log.
  bool IsFull() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return Exceptions() >= env_.limits.channel_unfinished_in_memory;
  }
  // All that is not finished: ahead of the cursor, below it, on shelves.
  uint64_t Unfinished() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return AheadOfCursor() + Exceptions() + shelves_.message_count();
  }

  // Parking (channel_park.cc).
  bool WindowIsWide() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // While too much is deferred, has what is due last copied; otherwise, while
  // the cursor is too far ahead of the floor, the oldest exceptions.
  void ParkOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::vector<Sequence> OldestExceptions() const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void StartCopying(std::vector<Sequence> sequences, size_t most_bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void OnCopied(const std::vector<RecordBlockPtr>& copies)
      ABSL_LOCKS_EXCLUDED(mu_);
  void StartParkedRead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // Shelving (channel_shelve.cc).
  size_t ShelfSize() const;
  // Of what is deferred the latest, up to `most`, when memory knows too many.
  std::vector<DeferredMessage> LateDeferred(
      size_t most, const std::function<bool(Sequence)>& is_wanted) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Those of them that are parked, when there are enough for a shelf.
  std::vector<DeferredMessage> DueForShelves(size_t most) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Puts some of these on shelves, which go with the next record.
  void ShelveLate() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void PutOnShelf(absl::Span<const DeferredMessage> late)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  SteadyTime NextTakeDown(SteadyTime now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TakeDownShelf() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void OnShelfRead(uint64_t id, const absl::StatusOr<CursorState>& shelf)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Giving up (channel_dead_letter.cc).
  bool IsGivenUp(uint32_t attempts) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Those on their way to the dead-letter topic.
  uint64_t GivenUp() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return dead_.size() + letters_.size();
  }
  // Finishes the dead, or sends some of them on: their bodies are read first.
  void BuryDead(Aftermath* aftermath) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void SendLetters(const absl::Status& read,
                   const std::vector<DeadLetter>& letters)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Messages that a Take could return now or after a read.
  uint64_t ReadyCount() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  uint64_t AheadOfCursor() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Lists `attachment` as one to wake, if it is owed that and may take.
  void ListIfWanting(Attachment& attachment) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Picks as many of those listed as there are messages ready.
  void CollectWakes(Aftermath* aftermath) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Unlist(Attachment& attachment) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // It came, or it left: no share is kept for it any more.
  void NoteArrival(Attachment& attachment) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // The log is not needed for [from, to).
  void PassOver(Sequence from, Sequence to) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // [from, to) are done with.
  void MarkFinished(Sequence from, Sequence to)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void UpdateFloor(Aftermath* aftermath) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void CountFinished(uint64_t messages, Attachment& attachment,
                     Aftermath* aftermath) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void MarkDirty(Aftermath* aftermath) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Duration OldestAge() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const std::string topic_;
  const std::string name_;
  const ChannelId id_;
  const bool ephemeral_;
  const absl::Time create_time_;
  const std::shared_ptr<TopicLog> log_;
  const ChannelEnv env_;
  const std::weak_ptr<ChannelOwner> owner_;

  // Read without the lock: by publishers, by the topic, by the committer.
  std::atomic<uint64_t> listed_count_{0};
  std::atomic<Sequence> floor_{1};
  std::atomic<Sequence> saved_floor_{1};

  mutable absl::Mutex mu_;
  bool paused_ ABSL_GUARDED_BY(mu_);
  ChannelConfig config_ ABSL_GUARDED_BY(mu_);
  absl::Status closed_ ABSL_GUARDED_BY(mu_);  // OK while open
  Sequence cursor_ ABSL_GUARDED_BY(mu_);
  SequenceRanges finished_ ABSL_GUARDED_BY(mu_);  // within [floor, cursor)
  LeaseTable leases_ ABSL_GUARDED_BY(mu_);
  std::deque<ReadyAgain> ready_again_ ABSL_GUARDED_BY(mu_);
  DeferredSet deferred_ ABSL_GUARDED_BY(mu_);
  Sampler sampler_ ABSL_GUARDED_BY(mu_);

  ParkingLot lot_ ABSL_GUARDED_BY(mu_);
  SteadyTime retry_parking_at_ ABSL_GUARDED_BY(mu_);
  Shelves shelves_ ABSL_GUARDED_BY(mu_);
  SteadyTime retry_shelf_at_ ABSL_GUARDED_BY(mu_);

  // Past their last attempt: waiting to be sent, and being sent.
  std::deque<ReadyAgain> dead_ ABSL_GUARDED_BY(mu_);
  std::vector<ReadyAgain> letters_ ABSL_GUARDED_BY(mu_);
  bool sending_letters_ ABSL_GUARDED_BY(mu_) = false;
  bool letters_leave_ ABSL_GUARDED_BY(mu_) = false;  // with this commit
  SteadyTime retry_letters_at_ ABSL_GUARDED_BY(mu_);
  std::vector<std::shared_ptr<Attachment>> attachments_ ABSL_GUARDED_BY(mu_);
  std::deque<Attachment*> listed_ ABSL_GUARDED_BY(mu_);  // to wake, in turn
  uint64_t woken_count_ ABSL_GUARDED_BY(mu_) = 0;        // about to take

  bool again_gets_odd_ ABSL_GUARDED_BY(mu_) = false;  // the last odd take

  BacklogWindow log_window_ ABSL_GUARDED_BY(mu_);
  BacklogWindow again_window_ ABSL_GUARDED_BY(mu_);
  // The floor the topic was told of last.
  Sequence notified_floor_ ABSL_GUARDED_BY(mu_) = 1;
  SteadyTime retry_reads_at_ ABSL_GUARDED_BY(mu_) =
      SteadyTime::InfiniteFuture();
  SteadyTime armed_ ABSL_GUARDED_BY(mu_) = SteadyTime::InfiniteFuture();
  bool dirty_ ABSL_GUARDED_BY(mu_) = false;
  uint64_t unsaved_finishes_ ABSL_GUARDED_BY(mu_) = 0;

  // Scratch of Take, kept for its capacity.
  std::vector<RecordBlockPtr> blocks_ ABSL_GUARDED_BY(mu_);
  std::vector<Lease> taken_ ABSL_GUARDED_BY(mu_);

  // Since the process started.
  uint64_t finish_count_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t requeue_count_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t timeout_count_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t dropped_count_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t dead_letter_count_ ABSL_GUARDED_BY(mu_) = 0;

  // Publish time of the oldest unfinished message, when it is known.
  Sequence oldest_sequence_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t oldest_publish_time_ ABSL_GUARDED_BY(mu_) = 0;
  bool reading_oldest_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_CHANNEL_H_
