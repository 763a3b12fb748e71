// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_COMMITTER_H_
#define SLUICE_SERVER_QUEUE_COMMITTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/io_pool.h"
#include "server/queue/commit_sink.h"
#include "server/queue/dedup_window.h"
#include "server/queue/durability.h"
#include "server/queue/log_upkeep.h"
#include "server/queue/memory_budget.h"
#include "server/queue/publish_gate.h"
#include "server/queue/publish_outcome.h"
#include "server/queue/tail_cache.h"
#include "server/queue/topic.h"
#include "server/queue/unwritten_records.h"
#include "server/storage/message_store.h"

namespace sluice {

// The one thread through which everything reaches the log. It swaps out all
// that waits, numbers it, writes it as one batch with at most one fsync, then
// appends to the topics' tails, wakes subscribers and answers publishers. While
// it writes, publishes pile up; the next commit takes them all, so load makes
// the batch bigger, not the queue longer.
//
//   Publish, Write, CursorDirty ─► pending ─swap─► number ─► store.Append
//        answers ◄── wake channels ◄── append to tails ◄──────┘
//
// Messages that stay in memory are appended and answered before the write, so
// that they do not wait for somebody else's fsync. When nothing else is going
// on they do not wait for the thread either: who publishes them commits them,
// on the spot, since there is nothing to write. So there is one commit at a
// time, but not always on the same thread; whoever has `committing_` set owns
// what is "of the commit" below.
//
// Between commits it keeps the promises that are on a clock: cursors are saved
// within a second, kOs messages are fsynced within the sync interval, and what
// time takes from a log goes (LogUpkeep).
//
// Thread-safe. Topics handed in are kept alive until they are answered.
class Committer : public CommitSink {
 public:
  struct Env {
    MessageStore& store;
    Clock& clock;
    MemoryBudget& budget;
    PublishGate& gate;
    IoPool& io_pool;
    absl::Duration sync_interval;
    DedupLimits dedup = {};
  };

  // Starts the thread.
  explicit Committer(const Env& env);
  ~Committer() override;

  // Appends `block` to `topic`; see Broker::Publish. An empty `request_id` is
  // none.
  void Publish(std::shared_ptr<Topic> topic, std::unique_ptr<RecordBlock> block,
               Durability wish, PublishDone done, std::string request_id = "")
      ABSL_LOCKS_EXCLUDED(mu_);

  // Appends dead letters of `source`, a channel of `source_topic`, to `topic`,
  // at least as durable as kOs, and saves the cursor of `source` in the same
  // write: after a crash they are in one of both places.
  void PublishLetters(std::shared_ptr<Topic> topic,
                      std::unique_ptr<RecordBlock> block,
                      std::shared_ptr<Topic> source_topic,
                      std::shared_ptr<Channel> source, PublishDone done)
      ABSL_LOCKS_EXCLUDED(mu_);

  void Write(std::vector<StateWrite> records, Done done) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void SaveCursor(std::shared_ptr<Topic> topic,
                  std::shared_ptr<Channel> channel, Done done) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void CursorDirty(std::shared_ptr<Topic> topic,
                   std::shared_ptr<Channel> channel, bool urgent) override
      ABSL_LOCKS_EXCLUDED(mu_);

  // Commits what waits, then writes down what is only in memory: what failed
  // commits left, the memory queues and cursors of `topics`, and marks that say
  // the stop was clean.
  // Everything is fsynced when it returns OK. Whatever comes later is refused.
  // Once.
  absl::Status Stop(const std::vector<std::shared_ptr<Topic>>& topics)
      ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct PendingPublish {
    std::shared_ptr<Topic> topic;
    std::unique_ptr<RecordBlock> block;
    Durability wish;
    PublishDone done;
    std::string request_id;
    // Whose dead letters these are; null for a publisher's messages.
    std::shared_ptr<Topic> source_topic;
    std::shared_ptr<Channel> source;
  };
  struct PendingWrite {
    std::vector<StateWrite> records;
    Done done;
  };
  struct DirtyCursor {
    std::shared_ptr<Topic> topic;
    std::shared_ptr<Channel> channel;  // null: only look what can be forgotten
  };
  // What was swapped out.
  struct Group {
    std::vector<PendingPublish> publishes;
    std::vector<PendingWrite> writes;
    std::vector<DirtyCursor> dirty;
    bool tick = false;
    bool save_cursors = false;
  };
  // One publish with its place in the log.
  struct Numbered {
    PendingPublish* publish;
    RecordBlockPtr block;
    Durability reached;
  };
  // A publish whose request id has an answer, perhaps from this very commit.
  struct Repeated {
    PendingPublish* publish;
    PublishOutcome first;
  };
  struct SavedCursor {
    std::shared_ptr<Topic> topic;
    std::shared_ptr<Channel> channel;
    Sequence floor;
  };
  // A commit in the making.
  struct Commit {
    // One reading of a clock that may step back: what it finds expired must be
    // so when it is put there anew.
    absl::Time date;
    StoreBatch batch;
    std::vector<Numbered> numbered;
    std::vector<std::pair<PendingPublish*, absl::Status>> refused;
    std::vector<Repeated> repeated;
    std::vector<SavedCursor> cursors;
    absl::flat_hash_set<std::string> cursor_keys;  // of their records
  };

  // Commits `publish` on the calling thread and returns true, if nothing else
  // is waiting or under way and nothing of it goes to the store.
  bool CommitHere(PendingPublish* publish) ABSL_LOCKS_EXCLUDED(mu_);
  bool BeginCommitHere() ABSL_LOCKS_EXCLUDED(mu_);
  void EndCommitHere() ABSL_LOCKS_EXCLUDED(mu_);
  bool StaysInMemory(const PendingPublish& publish) const;

  void Run();
  void Enqueue(PendingPublish publish) ABSL_LOCKS_EXCLUDED(mu_);
  // Waits for something to commit or for the tick. False: stop.
  bool WaitForWork(Group* group) ABSL_LOCKS_EXCLUDED(mu_);
  void CommitGroup(Group group);

  // Numbering (no I/O).
  void NumberPublish(PendingPublish* publish, Commit* commit);
  Durability ChooseLevel(const PendingPublish& publish) const;
  // Makes sure that no id of `block` is used again after a crash that loses it.
  void ReserveIds(Topic& topic, Sequence end, Durability level, Commit* commit);
  // True when it is a publish tried again, which then is not numbered.
  bool IsRepeated(PendingPublish* publish, Commit* commit) const;
  void Remember(const PendingPublish& publish, const PublishOutcome& outcome,
                Commit* commit);
  void AddCursors(Commit* commit);
  void AddCursor(DirtyCursor dirty, Commit* commit);
  static void AddRecords(const PendingWrite& write, Commit* commit);

  // Writing and answering.
  absl::Status WriteBatch(StoreBatch batch);
  // Appends and answers the publishes of topics of which this commit writes
  // something (`stored`) or nothing.
  void Deliver(Commit* commit, bool stored);
  void AppendToTail(const Numbered& numbered);
  void AnswerRepeated(const Commit& commit, const absl::Status& status);
  void Fail(Commit* commit, const absl::Status& status);

  // On a clock.
  absl::Duration TickLength() const;
  void Tick(SteadyTime now);

  // The end.
  absl::Status WriteUnwritten();
  absl::Status WriteDown(Topic& topic);

  const Env env_;

  absl::Mutex mu_;
  absl::CondVar has_work_;
  std::vector<PendingPublish> publishes_ ABSL_GUARDED_BY(mu_);
  std::vector<PendingWrite> writes_ ABSL_GUARDED_BY(mu_);
  std::vector<DirtyCursor> dirty_ ABSL_GUARDED_BY(mu_);
  bool save_urgently_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
  bool committing_ ABSL_GUARDED_BY(mu_) = false;
  bool thread_commits_ ABSL_GUARDED_BY(mu_) = false;  // it is the thread who is
  bool thread_wants_commit_ ABSL_GUARDED_BY(mu_) = false;

  // Of the commit under way; between commits of the thread.
  uint64_t commit_number_ = 0;
  TailCache cache_;
  LogUpkeep upkeep_;
  std::vector<DirtyCursor> unsaved_;
  SteadyTime tick_at_ = SteadyTime::InfiniteFuture();  // while there is a cause
  SteadyTime last_sync_;
  bool unsynced_ = false;  // messages were written since, without an fsync
  UnwrittenRecords unwritten_;

  std::thread thread_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_COMMITTER_H_
