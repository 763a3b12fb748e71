// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_TOPIC_H_
#define SLUICE_SERVER_QUEUE_TOPIC_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/queue/catalog_records.h"
#include "server/queue/channel.h"
#include "server/queue/commit_sink.h"
#include "server/queue/dedup_window.h"
#include "server/queue/start_position.h"
#include "server/queue/stats.h"
#include "server/queue/topic_config.h"
#include "server/queue/topic_log.h"

namespace sluice {

// A named stream of messages: one log, and the channels that read it. Decides
// where a new channel starts, which messages wait for the first one, and how
// much of the log is still needed.
//
// Thread-safe; no method blocks or does I/O. Owned by the Registry; publishes
// and dirty cursors under way share it. Lock order: Topic, then Channel.
class Topic : public ChannelOwner, public std::enable_shared_from_this<Topic> {
 public:
  // Called when an ephemeral topic has lost its last channel, under no lock: it
  // may have got another one since.
  using Abandoned = std::function<void(Topic&)>;

  Topic(const TopicRecord& record, const WriteRules& rules,
        std::shared_ptr<TopicLog> log, const ChannelEnv& env, CommitSink& sink,
        Abandoned abandoned);

  const std::string& name() const { return name_; }
  TopicId id() const { return log_->id(); }
  bool ephemeral() const { return log_->ephemeral(); }
  TopicConfig config() const ABSL_LOCKS_EXCLUDED(mu_);
  // Those of the config as it is now: what is published next is written so.
  WriteRules rules() const { return rules_.load(std::memory_order_relaxed); }
  const std::shared_ptr<TopicLog>& log_handle() const { return log_; }
  TopicLog& log() { return *log_; }
  TopicInfo Info() const ABSL_LOCKS_EXCLUDED(mu_);

  // Adds a channel that a former run left behind. Before the topic is used.
  void Restore(Channel::Spec spec) ABSL_LOCKS_EXCLUDED(mu_);
  // What is written when the topic comes into being.
  std::vector<StateWrite> CreationRecords() const ABSL_LOCKS_EXCLUDED(mu_);
  std::string EncodeRecord() const ABSL_LOCKS_EXCLUDED(mu_);

  // --- Channels -------------------------------------------------------------

  // CHANNEL_NOT_FOUND, or TOPIC_NOT_FOUND once the topic is deleted.
  absl::StatusOr<std::shared_ptr<Channel>> FindChannel(
      absl::string_view name) const ABSL_LOCKS_EXCLUDED(mu_);
  // The channel, made at `start` with the default config when it is missing.
  // Its record goes out with the next commit, before any later publish;
  // `created` (may be null) is called once it is fsynced. A channel that was
  // there has its record written again for `created`: who made it may still
  // wait for the disk, or may have failed.
  absl::StatusOr<std::shared_ptr<Channel>> FindOrCreateChannel(
      absl::string_view name, StartPosition start, CommitSink::Done created)
      ABSL_LOCKS_EXCLUDED(mu_);
  // The same, with a config; CHANNEL_EXISTS when it is there with another one.
  absl::StatusOr<std::shared_ptr<Channel>> CreateChannel(
      absl::string_view name, const ChannelConfig& config, StartPosition start,
      CommitSink::Done created) ABSL_LOCKS_EXCLUDED(mu_);
  // False from the moment that its deletion, or the topic's, is handed on to
  // be written.
  bool Has(const Channel& channel) const ABSL_LOCKS_EXCLUDED(mu_);
  // By name.
  std::vector<std::shared_ptr<Channel>> Channels() const
      ABSL_LOCKS_EXCLUDED(mu_);

  // --- Administration; `done` when it is on disk ---------------------------

  void DeleteChannel(absl::string_view name, CommitSink::Done done)
      ABSL_LOCKS_EXCLUDED(mu_);
  void SetChannelPaused(absl::string_view name, bool paused,
                        CommitSink::Done done) ABSL_LOCKS_EXCLUDED(mu_);
  void EmptyChannel(absl::string_view name, CommitSink::Done done)
      ABSL_LOCKS_EXCLUDED(mu_);
  // INVALID_NAME, INVALID_CONFIG when the config cannot become so.
  void UpdateChannel(absl::string_view name, const ChannelConfigChange& change,
                     CommitSink::Done done) ABSL_LOCKS_EXCLUDED(mu_);
  // `defaults`: what the node's flags say. INVALID_CONFIG likewise.
  void Update(const TopicConfigChange& change, const WriteRules& defaults,
              CommitSink::Done done) ABSL_LOCKS_EXCLUDED(mu_);
  void SetPaused(bool paused, CommitSink::Done done) ABSL_LOCKS_EXCLUDED(mu_);
  // Changes nothing: whoever made the topic may have failed to write it.
  void WriteAgain(CommitSink::Done done) ABSL_LOCKS_EXCLUDED(mu_);
  // Drops what belongs to no channel yet.
  void Empty(CommitSink::Done done) ABSL_LOCKS_EXCLUDED(mu_);

  // Publishes and new channels fail from now on. Returns the records that make
  // it durable (none for an ephemeral topic) and the channels that the caller
  // is to close. The second call finds nothing.
  struct Deletion {
    std::vector<StateWrite> records;
    std::vector<std::shared_ptr<Channel>> channels;
  };
  Deletion Delete() ABSL_LOCKS_EXCLUDED(mu_);
  // The same for an ephemeral topic, of which nothing is on disk, if it has no
  // channel; else false: somebody has come since it was abandoned.
  bool DeleteIfUnused() ABSL_LOCKS_EXCLUDED(mu_);
  bool deleted() const { return deleted_.load(); }

  // --- Publishing -----------------------------------------------------------

  void OnPublished(uint64_t messages, uint64_t body_bytes) {
    message_count_ += messages;
    message_bytes_ += body_bytes;
  }
  // New messages are in the log: wakes the channels.
  void OnAppended() ABSL_LOCKS_EXCLUDED(mu_);
  void AddPublisher() { ++publisher_count_; }
  void RemovePublisher() { --publisher_count_; }

  // --- What is needed of the log --------------------------------------------

  // The oldest message that somebody still needs.
  Sequence NeededFrom() const ABSL_LOCKS_EXCLUDED(mu_);
  // The same, or what the retention keeps besides: what must stay readable.
  Sequence KeptFrom() const ABSL_LOCKS_EXCLUDED(mu_);
  // The same, as the cursors on disk have it: below it the log may be
  // forgotten.
  Sequence ForgettableBelow() const ABSL_LOCKS_EXCLUDED(mu_);

  // Whether finished messages are kept for a time, and for how long.
  bool retains() const { return retention_nanos_.load() > 0; }
  int64_t retention_nanos() const { return retention_nanos_.load(); }
  // The retention of all below `sequence` is over. False when that is no news.
  bool ReleaseRetained(Sequence sequence) ABSL_LOCKS_EXCLUDED(mu_);

  TopicStats Stats(absl::string_view channel, bool include_subscribers) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // ChannelOwner.
  void OnFloorAdvanced() override ABSL_LOCKS_EXCLUDED(mu_);
  void OnCursorDirty(std::shared_ptr<Channel> channel, bool urgent) override;
  void OnDeadLetters(std::shared_ptr<Channel> channel,
                     const std::string& target,
                     std::unique_ptr<RecordBlock> letters) override;
  void OnLastSubscriberGone(Channel& channel) override ABSL_LOCKS_EXCLUDED(mu_);

  // The answers to recent requests with an id; the committer's alone. Null
  // until there is one.
  std::unique_ptr<DedupWindow> dedup;

  // The committer's notes while it builds one commit; nobody else's.
  struct CommitNotes {
    uint64_t commit = 0;  // which one the rest is about
    bool stored = false;  // some of its blocks go to the store
    Sequence sequence = 0;
    uint64_t offset = 0;
  } commit_notes;

 private:
  using ChannelList = std::vector<std::shared_ptr<Channel>>;

  // Keeps messages back until a channel claims them: lasting ones do, and on an
  // ephemeral topic all.
  bool Claims(const Channel& channel) const {
    return !channel.ephemeral() || ephemeral();
  }
  Sequence OldestKept() const;
  Sequence StartOf(bool claims, StartPosition start) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Nobody finds a message below `end` any more that no channel here needs.
  void DropUnclaimed(Sequence end) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // `config`: null when any will do.
  absl::StatusOr<std::shared_ptr<Channel>> FindOrMake(
      absl::string_view name, const ChannelConfig* config, StartPosition start,
      CommitSink::Done created) ABSL_LOCKS_EXCLUDED(mu_);
  std::shared_ptr<Channel> MakeChannel(absl::string_view name,
                                       const ChannelConfig& config,
                                       StartPosition start)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::vector<StateWrite> ChannelRecords(Channel& channel) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::shared_ptr<Channel> AddChannel(Channel::Spec spec)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void RemoveChannel(const Channel& channel, std::vector<StateWrite>* records)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void RebuildList() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::shared_ptr<const ChannelList> List() const ABSL_LOCKS_EXCLUDED(mu_);
  // As the config says now.
  void ApplyRetention() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  TopicRecord Record() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  StateWrite RecordWrite() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // The channel's cursor record, and what it has for the parked family.
  void AddCursorWrites(Channel& channel,
                       std::vector<StateWrite>* records) const;
  StateWrite ChannelWrite(const Channel& channel) const;
  // Hands records on. False, and `done` is still to be called, when there is
  // nothing to write (an ephemeral topic is never on disk).
  bool Write(std::vector<StateWrite> records, CommitSink::Done done)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Writes what `records` makes of the channel, if it is still there. Under the
  // lock, so that a deletion that comes next is written next.
  using Records = std::function<absl::StatusOr<std::vector<StateWrite>>(
      const std::shared_ptr<Channel>&)>;
  void WriteChannel(absl::string_view name, const Records& records,
                    const CommitSink::Done& done) ABSL_LOCKS_EXCLUDED(mu_);
  absl::StatusOr<std::shared_ptr<Channel>> Find(absl::string_view name) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const std::string name_;
  const absl::Time create_time_;
  const std::shared_ptr<TopicLog> log_;
  const ChannelEnv env_;
  CommitSink& sink_;
  const Abandoned abandoned_;

  std::atomic<WriteRules> rules_;
  std::atomic<int64_t> retention_nanos_{0};
  std::atomic<bool> deleted_{false};
  std::atomic<uint64_t> message_count_{0};
  std::atomic<uint64_t> message_bytes_{0};
  std::atomic<uint64_t> publisher_count_{0};

  mutable absl::Mutex mu_;
  TopicConfig config_ ABSL_GUARDED_BY(mu_);
  // The oldest message whose retention is not over.
  Sequence retained_from_ ABSL_GUARDED_BY(mu_) = UINT64_MAX;
  bool paused_ ABSL_GUARDED_BY(mu_);
  Sequence paused_at_ ABSL_GUARDED_BY(mu_);
  // The first message that waits, while no channel claims.
  Sequence unclaimed_from_ ABSL_GUARDED_BY(mu_);
  int claiming_channels_ ABSL_GUARDED_BY(mu_) = 0;
  ChannelId next_channel_id_ ABSL_GUARDED_BY(mu_);
  absl::btree_map<std::string, std::shared_ptr<Channel>> channels_
      ABSL_GUARDED_BY(mu_);
  // The same channels, to walk without the lock.
  std::shared_ptr<const ChannelList> list_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_TOPIC_H_
