// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/committer.h"

#include <algorithm>
#include <utility>

#include "server/queue/errors.h"
#include "server/storage/blocking_append.h"
#include "server/storage/keys.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

// Cursors are saved, and the log looked over, this often. What is promised is a
// second: the rest of it is for the commit under way and the write itself.
constexpr absl::Duration kTick = absl::Milliseconds(800);
// Ids set aside at a time for messages that a crash may lose.
constexpr Sequence kReserve = 1 << 20;
// A clean stop writes memory queues down in batches of this size.
constexpr size_t kWriteDownBytes = 8 << 20;

}  // namespace

Committer::Committer(const Env& env)
    : env_(env),
      cache_(env.budget),
      upkeep_(env.store, env.clock, env.io_pool),
      last_sync_(env.clock.SteadyNow()),
      thread_([this] { Run(); }) {}

Committer::~Committer() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    has_work_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

void Committer::Publish(std::shared_ptr<Topic> topic,
                        std::unique_ptr<RecordBlock> block, Durability wish,
                        PublishDone done, std::string request_id) {
  PendingPublish publish{std::move(topic), std::move(block),      wish,
                         std::move(done),  std::move(request_id), nullptr,
                         nullptr};
  if (CommitHere(&publish)) return;
  Enqueue(std::move(publish));
}

void Committer::PublishLetters(std::shared_ptr<Topic> topic,
                               std::unique_ptr<RecordBlock> block,
                               std::shared_ptr<Topic> source_topic,
                               std::shared_ptr<Channel> source,
                               PublishDone done) {
  Enqueue({std::move(topic), std::move(block), Durability::kOs, std::move(done),
           /*request_id=*/"", std::move(source_topic), std::move(source)});
}

void Committer::Enqueue(PendingPublish publish) {
  const uint64_t bytes = publish.block->size();
  {
    absl::MutexLock lock(&mu_);
    if (!stopping_) {
      env_.gate.Enter(bytes);
      publishes_.push_back(std::move(publish));
      if (publishes_.size() == 1) has_work_.Signal();
      return;
    }
  }
  publish.done(StoreUnavailable("it is stopping"));
}

bool Committer::CommitHere(PendingPublish* publish) {
  const Topic& topic = *publish->topic;
  const bool may_stay =
      topic.ephemeral() ||
      std::max(topic.rules().durability, publish->wish) == Durability::kMemory;
  if (!may_stay || !BeginCommitHere()) return false;
  const bool stays = StaysInMemory(*publish);
  if (stays) {
    env_.gate.Enter(publish->block->size());
    Group group;
    group.publishes.push_back(std::move(*publish));
    CommitGroup(std::move(group));
  }
  EndCommitHere();
  return stays;
}

bool Committer::BeginCommitHere() {
  absl::MutexLock lock(&mu_);
  // What was handed in before goes first: perhaps it makes the topic.
  if (committing_ || stopping_ || !publishes_.empty() || !writes_.empty()) {
    return false;
  }
  committing_ = true;
  return true;
}

void Committer::EndCommitHere() {
  absl::MutexLock lock(&mu_);
  committing_ = false;
  const bool has_pending =
      !publishes_.empty() || !writes_.empty() || save_urgently_;
  // It may sleep without a tick to wake it, and this commit is a cause for one.
  const bool wants_tick =
      tick_at_ == SteadyTime::InfiniteFuture() && upkeep_.has_clocked();
  if (has_pending || thread_wants_commit_ || wants_tick) has_work_.Signal();
}

bool Committer::StaysInMemory(const PendingPublish& publish) const {
  const Topic& topic = *publish.topic;
  if (topic.deleted()) return false;
  // What a failed commit left to write goes with the next one, to the disk.
  if (!unwritten_.empty()) return false;
  if (topic.ephemeral()) return true;
  const TopicLog& log = *topic.log_handle();
  const Sequence end = log.next_sequence() + publish.block->message_count();
  // Its ids are set aside on disk already: see ReserveIds.
  return log.may_have_holes && end <= log.reserved_until &&
         ChooseLevel(publish) == Durability::kMemory;
}

void Committer::Write(std::vector<StateWrite> records, Done done) {
  {
    absl::MutexLock lock(&mu_);
    if (!stopping_) {
      writes_.push_back({std::move(records), std::move(done)});
      has_work_.Signal();
      return;
    }
  }
  if (done != nullptr) done(StoreUnavailable("it is stopping"));
}

void Committer::SaveCursor(std::shared_ptr<Topic> topic,
                           std::shared_ptr<Channel> channel, Done done) {
  {
    absl::MutexLock lock(&mu_);
    if (!stopping_) {
      // Together: the commit that answers is one that saves cursors, and after
      // one that failed to save this one.
      dirty_.push_back({std::move(topic), std::move(channel)});
      writes_.push_back({{}, std::move(done)});
      save_urgently_ = true;
      has_work_.Signal();
      return;
    }
  }
  done(StoreUnavailable("it is stopping"));
}

void Committer::CursorDirty(std::shared_ptr<Topic> topic,
                            std::shared_ptr<Channel> channel, bool urgent) {
  absl::MutexLock lock(&mu_);
  if (urgent) {
    save_urgently_ = true;
    has_work_.Signal();
    return;  // it is in the list already
  }
  dirty_.push_back({std::move(topic), std::move(channel)});
  if (dirty_.size() == 1) has_work_.Signal();
}

void Committer::Run() {
  Group group;
  while (WaitForWork(&group)) CommitGroup(std::exchange(group, Group{}));
}

bool Committer::WaitForWork(Group* group) {
  absl::MutexLock lock(&mu_);
  if (thread_commits_) committing_ = thread_commits_ = false;
  while (true) {
    thread_wants_commit_ = true;
    while (committing_) has_work_.Wait(&mu_);
    thread_wants_commit_ = false;
    if (!dirty_.empty()) {
      std::move(dirty_.begin(), dirty_.end(), std::back_inserter(unsaved_));
      dirty_.clear();
    }
    const SteadyTime now = env_.clock.SteadyNow();
    const bool has_upkeep = !unsaved_.empty() || unsynced_ || !upkeep_.idle() ||
                            !unwritten_.empty();
    if (!has_upkeep) {
      tick_at_ = SteadyTime::InfiniteFuture();
    } else if (tick_at_ == SteadyTime::InfiniteFuture()) {
      tick_at_ = now + TickLength();
    }
    group->tick = tick_at_ <= now;
    group->save_cursors = group->tick || save_urgently_;
    if (!publishes_.empty() || !writes_.empty() || group->save_cursors) break;
    if (stopping_) return false;
    if (has_upkeep) {
      has_work_.WaitWithTimeout(&mu_, tick_at_ - now);
    } else {
      has_work_.Wait(&mu_);
    }
  }
  committing_ = thread_commits_ = true;
  save_urgently_ = false;
  group->publishes.swap(publishes_);
  group->writes.swap(writes_);
  return true;
}

void Committer::CommitGroup(Group group) {
  ++commit_number_;
  const SteadyTime now = env_.clock.SteadyNow();
  Commit commit;
  commit.date = env_.clock.WallNow();
  uint64_t gate_bytes = 0;
  unwritten_.AddTo(&commit.batch);  // first: what is newer wins
  commit.numbered.reserve(group.publishes.size());
  for (PendingPublish& publish : group.publishes) {
    gate_bytes += publish.block->size();
    NumberPublish(&publish, &commit);
  }
  if (group.tick) upkeep_.ExpireRequestIds(commit.date, &commit.batch);
  // Cursors first: a deletion in the same batch must win over them.
  for (PendingPublish& publish : group.publishes) {
    if (publish.source == nullptr || publish.block != nullptr) continue;
    publish.source->OnLettersNumbered();
    AddCursor({publish.source_topic, publish.source}, &commit);
  }
  if (group.save_cursors) AddCursors(&commit);
  for (PendingWrite& write : group.writes) {
    commit.batch.sync |= write.done != nullptr;
    AddRecords(write, &commit);
  }
  commit.batch.sync |= group.tick;
  Deliver(&commit, /*stored=*/false);

  absl::Status status;
  if (!commit.batch.blocks.empty() || !commit.batch.state.empty()) {
    status = WriteBatch(std::move(commit.batch));
  }
  if (status.ok()) {
    unwritten_.Clear();
    Deliver(&commit, /*stored=*/true);
    for (const SavedCursor& cursor : commit.cursors) {
      cursor.channel->OnCursorSaved(cursor.floor);
    }
  } else {
    Fail(&commit, status);
    for (PendingWrite& write : group.writes) unwritten_.Keep(&write.records);
  }
  for (PendingWrite& write : group.writes) {
    if (write.done != nullptr) write.done(status);
  }
  for (auto& [publish, refusal] : commit.refused) publish->done(refusal);
  AnswerRepeated(commit, status);
  env_.gate.Leave(gate_bytes);
  if (group.tick) upkeep_.ReleaseRetained(now);
  // The mark it writes would be older than one that waits.
  if (group.save_cursors && unwritten_.empty()) upkeep_.ForgetWhatIsDone(now);
  if (group.tick) Tick(now);
}

void Committer::NumberPublish(PendingPublish* publish, Commit* commit) {
  Topic& topic = *publish->topic;
  if (topic.deleted()) {
    commit->refused.push_back({publish, TopicNotFound(topic.name())});
    return;
  }
  if (!publish->request_id.empty() && IsRepeated(publish, commit)) return;
  TopicLog& log = topic.log();
  Topic::CommitNotes& notes = topic.commit_notes;
  if (notes.commit != commit_number_) {
    notes = {commit_number_, false, log.next_sequence(), log.next_offset()};
  }
  const Durability level = ChooseLevel(*publish);
  log.Number(publish->block.get());
  RecordBlockPtr block = std::move(publish->block);
  ReserveIds(topic, block->end_sequence(), level, commit);
  if (level != Durability::kMemory) {
    notes.stored = true;
    commit->batch.blocks.push_back({topic.id(), block});
    commit->batch.sync |= level == Durability::kDisk;
  }
  if (!publish->request_id.empty()) {
    Remember(*publish, {block->first_sequence(), block->message_count(), level},
             commit);
  }
  commit->numbered.push_back({publish, std::move(block), level});
}

bool Committer::IsRepeated(PendingPublish* publish, Commit* commit) const {
  const DedupWindow* const window = publish->topic->dedup.get();
  if (window == nullptr) return false;
  const auto first = window->Find(publish->request_id, commit->date);
  if (!first.has_value()) return false;
  commit->repeated.push_back({publish, *first});
  return true;
}

void Committer::Remember(const PendingPublish& publish,
                         const PublishOutcome& outcome, Commit* commit) {
  if (!env_.dedup.enabled()) return;
  Topic& topic = *publish.topic;
  if (topic.dedup == nullptr) {
    topic.dedup = std::make_unique<DedupWindow>(env_.dedup);
  }
  upkeep_.WatchRequestIds(publish.topic);
  const absl::Time now = commit->date;
  const bool is_written = outcome.durability != Durability::kMemory;
  // An ephemeral topic's are never written, so nothing is kept for it either.
  const bool waits_for_stop = !is_written && !topic.ephemeral();
  topic.dedup->Add(
      publish.request_id, outcome, now,
      waits_for_stop ? DedupWindow::Written::kNo : DedupWindow::Written::kYes);
  if (!is_written) return;
  const DedupRecord record{publish.request_id, outcome.message_count,
                           outcome.durability, now};
  commit->batch.state.push_back({StateFamily::kMeta,
                                 DedupKey(topic.id(), outcome.first_message_id),
                                 record.Encode()});
}

Durability Committer::ChooseLevel(const PendingPublish& publish) const {
  const Topic& topic = *publish.topic;
  if (topic.ephemeral()) return Durability::kMemory;
  const Durability level = std::max(topic.rules().durability, publish.wish);
  if (level != Durability::kMemory) return level;
  // Past its memory queue the topic overflows into the backlog. What this
  // commit has numbered but not appended yet counts too.
  const TopicLog& log = *topic.log_handle();
  const uint64_t queued =
      log.tail().queued_messages() + (log.next_sequence() - log.end());
  const bool fits =
      queued + publish.block->message_count() <= topic.rules().mem_queue_size &&
      env_.budget.HasRoomToQueue(publish.block->size());
  return fits ? Durability::kMemory : Durability::kOs;
}

void Committer::ReserveIds(Topic& topic, Sequence end, Durability level,
                           Commit* commit) {
  if (topic.ephemeral()) return;
  TopicLog& log = topic.log();
  // Nobody sees its messages before the mark that a failed commit left is
  // written.
  if (!unwritten_.empty() &&
      unwritten_.Holds(StateFamily::kMeta, LogMarkKey(topic.id()))) {
    topic.commit_notes.stored = true;
  }
  const bool first_in_memory =
      level == Durability::kMemory && !log.may_have_holes;
  const bool reserves = level != Durability::kDisk &&
                        (end > log.reserved_until || first_in_memory);
  if (!reserves) return;
  log.reserved_until = end + kReserve;
  log.may_have_holes |= level == Durability::kMemory;
  topic.commit_notes.stored = true;
  commit->batch.state.push_back(log.MarkRecord(/*clean=*/false));
  commit->batch.sync = true;
}

void Committer::AddCursors(Commit* commit) {
  std::vector<DirtyCursor> unsaved;
  unsaved.swap(unsaved_);
  for (DirtyCursor& dirty : unsaved) {
    // A former run may have left request ids that nobody has looked at yet.
    if (dirty.topic->dedup != nullptr) upkeep_.WatchRequestIds(dirty.topic);
    if (dirty.topic->retains()) upkeep_.WatchRetention(dirty.topic);
    AddCursor(std::move(dirty), commit);
  }
}

void Committer::AddCursor(DirtyCursor dirty, Commit* commit) {
  upkeep_.WatchFloors(dirty.topic);
  Channel* const channel = dirty.channel.get();
  // One that is being deleted may not be closed yet. What is saved after its
  // deletion was written would stay for ever.
  if (channel == nullptr || !dirty.topic->Has(*channel)) return;
  std::string key = CursorKey(dirty.topic->id(), channel->id());
  if (commit->cursor_keys.contains(key)) return;  // with its dead letters
  Sequence floor = 0;
  const CursorState state = channel->SaveCursor(&floor, &commit->batch.state);
  if (dirty.topic->ephemeral() || channel->ephemeral()) return;
  commit->cursor_keys.insert(key);
  commit->batch.state.push_back(
      {StateFamily::kMeta, std::move(key), state.Encode()});
  commit->cursors.push_back(
      {std::move(dirty.topic), std::move(dirty.channel), floor});
}

void Committer::AddRecords(const PendingWrite& write, Commit* commit) {
  for (const StateWrite& record : write.records) {
    // A cursor that came with its channel (made, emptied) is older than the one
    // this commit saves.
    if (record.value.has_value() && commit->cursor_keys.contains(record.key)) {
      continue;
    }
    commit->batch.state.push_back(record);
  }
}

absl::Status Committer::WriteBatch(StoreBatch batch) {
  if (batch.sync) {
    unsynced_ = false;
    last_sync_ = env_.clock.SteadyNow();
  } else {
    unsynced_ |= !batch.blocks.empty();
  }
  return AppendBlocking(env_.store, std::move(batch));
}

void Committer::Deliver(Commit* commit, bool stored) {
  Topic* last = nullptr;
  for (const Numbered& numbered : commit->numbered) {
    Topic& topic = *numbered.publish->topic;
    if (topic.commit_notes.stored != stored) continue;
    AppendToTail(numbered);
    // Neighbours of one topic wake its channels once.
    if (last != nullptr && last != &topic) last->OnAppended();
    last = &topic;
  }
  if (last != nullptr) last->OnAppended();
  for (const Numbered& numbered : commit->numbered) {
    if (numbered.publish->topic->commit_notes.stored != stored) continue;
    numbered.publish->done(PublishOutcome{numbered.block->first_sequence(),
                                          numbered.block->message_count(),
                                          numbered.reached});
  }
}

void Committer::AppendToTail(const Numbered& numbered) {
  Topic& topic = *numbered.publish->topic;
  TopicLog& log = topic.log();
  topic.OnPublished(numbered.block->message_count(),
                    numbered.block->body_bytes());
  if (topic.retains()) upkeep_.WatchRetention(numbered.publish->topic);
  if (numbered.reached != Durability::kMemory) {
    log.Append(numbered.block, LogTail::Placement::kCached);
    cache_.Note(topic.log_handle(), numbered.block->first_sequence());
    return;
  }
  log.Append(numbered.block, LogTail::Placement::kQueued);
  if (!topic.ephemeral()) return;
  const uint64_t most = topic.rules().mem_queue_size > 0
                            ? topic.rules().mem_queue_size
                            : Channel::kEphemeralWindow;
  log.tail().DropOldestQueued(most);
  // The node's memory is a bound for them, too: one message always stays.
  while (!env_.budget.HasRoomToQueue(0) && log.tail().queued_messages() > 1) {
    const uint64_t before = log.tail().queued_messages();
    log.tail().DropOldestQueued(before / 2);
    if (log.tail().queued_messages() == before) return;  // one block is left
  }
}

// The first of its kind may have been in this commit, and have failed with it.
void Committer::AnswerRepeated(const Commit& commit,
                               const absl::Status& status) {
  for (const Repeated& repeated : commit.repeated) {
    const Topic::CommitNotes& notes = repeated.publish->topic->commit_notes;
    const bool is_of_this_commit =
        notes.commit == commit_number_ &&
        repeated.first.first_message_id >= notes.sequence;
    if (is_of_this_commit && notes.stored && !status.ok()) {
      repeated.publish->done(status);
    } else {
      repeated.publish->done(repeated.first);
    }
  }
}

void Committer::Fail(Commit* commit, const absl::Status& status) {
  if (!commit->numbered.empty()) {
    spdlog::error("a commit of {} publishes failed: {}",
                  commit->numbered.size(), status.ToString());
  }
  // Nobody knows what of it is on disk: its numbers are never used again, and
  // what is found there is removed by the first commit that succeeds. That may
  // be the one that saves a cursor behind the gap, so the mark goes with it.
  std::vector<StateWrite> left;
  for (const Numbered& numbered : commit->numbered) {
    Topic& topic = *numbered.publish->topic;
    if (!topic.commit_notes.stored) continue;
    TopicLog& log = topic.log();
    const Sequence first = numbered.block->first_sequence();
    unwritten_.Remove({topic.id(), first});
    if (!numbered.publish->request_id.empty()) {
      left.push_back(
          {StateFamily::kMeta, DedupKey(topic.id(), first), absl::nullopt});
    }
    if (topic.dedup != nullptr) {
      topic.dedup->TakeBack(topic.commit_notes.sequence);
    }
    if (log.end() < log.next_sequence()) {
      log.SkipNumbered();
      left.push_back(log.MarkRecord(/*clean=*/false));
    }
    numbered.publish->done(status);
  }
  unwritten_.Keep(&left);
  for (SavedCursor& cursor : commit->cursors) {
    cursor.channel->OnCursorNotSaved();
    unsaved_.push_back({std::move(cursor.topic), std::move(cursor.channel)});
  }
}

absl::Duration Committer::TickLength() const {
  return std::min(kTick, env_.sync_interval);
}

void Committer::Tick(SteadyTime now) {
  tick_at_ = SteadyTime::InfiniteFuture();  // set anew while there is a cause
  // The next tick would be too late for what is due before it.
  const absl::Duration age_then = now + TickLength() - last_sync_;
  if (!unsynced_ || age_then <= env_.sync_interval) return;
  unsynced_ = false;
  last_sync_ = now;
  env_.io_pool.Submit([&store = env_.store] {
    const absl::Status status = store.Sync();
    if (!status.ok()) spdlog::error("fsync failed: {}", status.ToString());
  });
}

absl::Status Committer::Stop(
    const std::vector<std::shared_ptr<Topic>>& topics) {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    has_work_.Signal();
  }
  if (thread_.joinable()) thread_.join();
  env_.io_pool.Stop();  // no forgetting beside what follows
  absl::Status first_error = WriteUnwritten();
  for (const std::shared_ptr<Topic>& topic : topics) {
    if (topic->ephemeral() || topic->deleted()) continue;
    const absl::Status status = WriteDown(*topic);
    first_error.Update(status);
  }
  const absl::Status synced = env_.store.Sync();
  return first_error.ok() ? synced : first_error;
}

absl::Status Committer::WriteUnwritten() {
  if (unwritten_.empty()) return absl::OkStatus();
  StoreBatch batch;
  unwritten_.AddTo(&batch);
  const absl::Status status = WriteBatch(std::move(batch));
  if (status.ok()) unwritten_.Clear();
  return status;
}

absl::Status Committer::WriteDown(Topic& topic) {
  TopicLog& log = topic.log();
  StoreBatch batch;
  size_t bytes = 0;
  for (RecordBlockPtr& block : log.tail().QueuedBlocks(topic.KeptFrom())) {
    bytes += block->size();
    batch.blocks.push_back({log.id(), std::move(block)});
    if (bytes < kWriteDownBytes) continue;
    const absl::Status status = WriteBatch(std::exchange(batch, StoreBatch{}));
    if (!status.ok()) return status;
    bytes = 0;
  }
  std::vector<std::pair<std::shared_ptr<Channel>, Sequence>> saved;
  for (const std::shared_ptr<Channel>& channel : topic.Channels()) {
    if (channel->ephemeral()) continue;
    Sequence floor = 0;
    std::vector<StateWrite> parked;
    batch.state.push_back({StateFamily::kMeta,
                           CursorKey(log.id(), channel->id()),
                           channel->SaveCursor(&floor, &parked).Encode()});
    std::move(parked.begin(), parked.end(), std::back_inserter(batch.state));
    saved.push_back({channel, floor});
  }
  batch.state.push_back(
      {StateFamily::kMeta, TopicKey(log.id()), topic.EncodeRecord()});
  if (topic.dedup != nullptr) {
    for (const auto& [first_message, record] : topic.dedup->Unwritten()) {
      batch.state.push_back({StateFamily::kMeta,
                             DedupKey(log.id(), first_message),
                             record.Encode()});
    }
  }
  absl::Status status = WriteBatch(std::exchange(batch, StoreBatch{}));
  if (!status.ok()) return status;
  for (const auto& [channel, floor] : saved) channel->OnCursorSaved(floor);
  const Sequence below = topic.ForgettableBelow();
  if (below > log.first()) log.AdvanceFirst(below);
  log.forgotten_before = log.first();
  log.forgotten_offset = log.first_offset();
  batch.state.push_back(log.MarkRecord(/*clean=*/true));
  status = WriteBatch(std::move(batch));
  if (!status.ok()) return status;
  return env_.store.Forget(log.id(), log.first());
}

}  // namespace sluice
