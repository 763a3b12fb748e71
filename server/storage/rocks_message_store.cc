// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/rocks_message_store.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "server/storage/bounded_iterator.h"
#include "server/storage/keys.h"
#include "server/storage/log_heads.h"
#include "server/storage/rocks_database.h"
#include "server/storage/rocks_tuning.h"
#include "server/storage/store_health.h"
#include "server/storage/store_reopener.h"

namespace sluice {
namespace {

// What a record adds to a write batch beside its key and value, at most.
constexpr size_t kRecordOverhead = 32;

// Read at a time where a log has to be looked through.
constexpr size_t kWalkBytes = 4 << 20;

rocksdb::Slice ToSlice(absl::string_view bytes) {
  return rocksdb::Slice(bytes.data(), bytes.size());
}

absl::string_view ToView(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

absl::Status Corruption(absl::string_view where, absl::string_view what) {
  return MakeError(absl::StatusCode::kDataLoss, "CORRUPTION",
                   absl::StrCat(where, ": ", what));
}

std::string Place(TopicId topic, Sequence sequence) {
  return absl::StrCat("log of topic ", topic, ", block at sequence ", sequence);
}

// The smallest key above all keys with this prefix; empty when there is none.
std::string EndOfPrefix(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) ++end.back();
  return end;
}

rocksdb::ColumnFamilyHandle* Family(const RocksDatabase& database,
                                    StateFamily family) {
  return database.family(family == StateFamily::kParked ? kParkedFamily
                                                        : kMetaFamily);
}

rocksdb::Status AddState(const StateWrite& write,
                         rocksdb::ColumnFamilyHandle* family,
                         rocksdb::WriteBatch* records) {
  if (write.value.has_value()) {
    return records->Put(family, write.key, *write.value);
  }
  if (write.erase_to.empty()) return records->Delete(family, write.key);
  return records->DeleteRange(family, write.key, write.erase_to);
}

// Thread-safe. A call works on the database that is open when it begins, and
// keeps it from being closed until it ends.
class RocksMessageStore final : public MessageStore {
 public:
  RocksMessageStore(const RocksStoreOptions& options,
                    std::shared_ptr<StoreHealth> health,
                    std::unique_ptr<RocksDatabase> database);
  ~RocksMessageStore() override;

  void Append(StoreBatch batch, AppendDone done) override;
  absl::StatusOr<std::vector<RecordBlockPtr>> ReadBlocks(
      TopicId topic, Sequence from, Sequence to, size_t max_bytes) override;
  absl::StatusOr<Sequence> SkipDamage(TopicId topic, Sequence from,
                                      Sequence to) override;
  absl::StatusOr<LogExtent> Extent(TopicId topic) override;
  absl::Status Forget(TopicId topic, Sequence before) override;
  absl::Status ReadState(StateFamily family, absl::string_view prefix,
                         const StateVisitor& visit) override;
  absl::Status Sync() override;
  absl::Status health() override { return health_->status(); }

 private:
  using Database = std::shared_ptr<RocksDatabase>;

  absl::Status Write(const StoreBatch& batch);

  // The open database. While it is closed in order to be opened again: why.
  absl::StatusOr<Database> Opened() const ABSL_LOCKS_EXCLUDED(database_mu_);
  // Closes the database, once the calls under way have ended, and opens it.
  absl::Status Reopen() ABSL_LOCKS_EXCLUDED(database_mu_);

  BoundedIterator LogIterator(const RocksDatabase& database, TopicId topic,
                              Sequence to) const;
  // The block under the iterator, verified.
  absl::StatusOr<RecordBlockPtr> BlockAt(const BoundedIterator& iterator) const;
  // The same; null at the end. `near`: as below.
  absl::StatusOr<RecordBlockPtr> BlockOrEnd(const BoundedIterator& iterator,
                                            TopicId topic, Sequence near) const;
  // The iterator is not on a block: OK at the end, else what went wrong while
  // it looked for one at or after `near`.
  absl::Status EndOf(const BoundedIterator& iterator, TopicId topic,
                     Sequence near) const;

  // What can be told of a log whose first or last block is damaged (DATA_LOSS).
  absl::StatusOr<LogExtent> ExtentAroundDamage(
      TopicId topic, const absl::StatusOr<RecordBlockPtr>& first,
      const absl::StatusOr<RecordBlockPtr>& last);

  // Finds a head that is not known yet.
  absl::Status LearnHead(const RocksDatabase& database, TopicId topic)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(order_mu_);
  // Where the log begins when all blocks wholly below `before` are gone.
  absl::StatusOr<LogHead> HeadAfterForgetting(const RocksDatabase& database,
                                              TopicId topic, LogHead head,
                                              Sequence before) const;

  // Constant after construction.
  const RocksStoreOptions options_;
  const std::shared_ptr<StoreHealth> health_;

  // A pointer copied: nothing is done under it.
  mutable absl::Mutex database_mu_;
  Database database_ ABSL_GUARDED_BY(database_mu_);

  // Appends share it, Forget has it alone: a block must not slip into a range
  // between the moment the range is chosen and the moment it is deleted.
  absl::Mutex order_mu_;
  LogHeads heads_;

  std::unique_ptr<StoreReopener> reopener_;  // last: it uses all of the above
};

RocksMessageStore::RocksMessageStore(const RocksStoreOptions& options,
                                     std::shared_ptr<StoreHealth> health,
                                     std::unique_ptr<RocksDatabase> database)
    : options_(options),
      health_(std::move(health)),
      database_(std::move(database)) {
  if (options_.has_room == nullptr) return;
  reopener_ = std::make_unique<StoreReopener>(
      health_.get(), options_.has_room, [this] { return Reopen(); },
      options_.logger);
}

RocksMessageStore::~RocksMessageStore() { reopener_.reset(); }

absl::StatusOr<RocksMessageStore::Database> RocksMessageStore::Opened() const {
  absl::ReaderMutexLock lock(&database_mu_);
  if (database_ != nullptr) return database_;
  absl::Status closed = health_->status();
  // Opened again this very moment; the next call finds it.
  if (closed.ok()) closed = absl::UnavailableError("the log is being opened");
  return closed;
}

absl::Status RocksMessageStore::Reopen() {
  Database database;
  {
    absl::MutexLock lock(&database_mu_);
    database.swap(database_);
  }
  if (database != nullptr) {
    absl::Notification closed;
    database->OnClosed([&closed] { closed.Notify(); });
    database.reset();
    closed.WaitForNotification();
  }
  SLUICE_ASSIGN_OR_RETURN(database, RocksDatabase::Open(options_, health_));
  absl::MutexLock lock(&database_mu_);
  database_ = std::move(database);
  return absl::OkStatus();
}

void RocksMessageStore::Append(StoreBatch batch, AppendDone done) {
  done(Write(batch));
}

absl::Status RocksMessageStore::Write(const StoreBatch& batch) {
  SLUICE_RETURN_IF_ERROR(health_->status());
  SLUICE_ASSIGN_OR_RETURN(const Database database, Opened());
  size_t bytes = kRecordOverhead;
  for (const LogWrite& write : batch.blocks) {
    bytes += write.block->size() + kRecordOverhead;
  }
  for (const StateWrite& write : batch.state) {
    bytes += write.key.size() + kRecordOverhead;
    if (write.value.has_value()) bytes += write.value->size();
  }
  rocksdb::WriteBatch records(bytes);
  rocksdb::Status status;
  for (const StateWrite& write : batch.state) {
    status = AddState(write, Family(*database, write.family), &records);
    if (!status.ok()) return health_->Close(status);
  }
  for (const LogPlace& place : batch.removed) {
    status = records.Delete(database->log(),
                            LogKey(place.topic, place.first_sequence));
    if (!status.ok()) return health_->Close(status);
  }

  absl::ReaderMutexLock lock(&order_mu_);
  for (const LogWrite& write : batch.blocks) {
    const Sequence first = write.block->first_sequence();
    heads_.Lower(write.topic, {first, write.block->log_offset()});
    status = records.Put(database->log(), LogKey(write.topic, first),
                         ToSlice(write.block->bytes()));
    if (!status.ok()) return health_->Close(status);
  }
  rocksdb::WriteOptions options;
  options.sync = batch.sync;
  status = database->db()->Write(options, &records);
  if (!status.ok()) return health_->Close(status);
  database->reclaimer().Appended(records.GetDataSize());
  for (const StateWrite& write : batch.state) {
    if (write.family == StateFamily::kParked && !write.erase_to.empty()) {
      database->reclaimer().Erased(write.key, write.erase_to);
    }
  }
  return absl::OkStatus();
}

BoundedIterator RocksMessageStore::LogIterator(const RocksDatabase& database,
                                               TopicId topic,
                                               Sequence to) const {
  const LogHead head = heads_.Find(topic).value_or(LogHead{});
  rocksdb::ReadOptions options;
  // A backlog is read once; it must not push indexes out of the cache.
  options.fill_cache = false;
  return BoundedIterator(database.db(), database.log(),
                         LogKey(topic, head.sequence), LogKey(topic, to),
                         options);
}

absl::StatusOr<RecordBlockPtr> RocksMessageStore::BlockAt(
    const BoundedIterator& iterator) const {
  SLUICE_ASSIGN_OR_RETURN(const LogKeyParts key,
                          ParseLogKey(ToView(iterator->key())));
  absl::StatusOr<RecordBlockPtr> block =
      RecordBlock::Parse(iterator->value().ToString());
  if (!block.ok()) {
    return Corruption(Place(key.topic, key.first_sequence),
                      block.status().message());
  }
  if ((*block)->first_sequence() != key.first_sequence) {
    return Corruption(Place(key.topic, key.first_sequence),
                      absl::StrCat("holds a block that belongs at sequence ",
                                   (*block)->first_sequence()));
  }
  return block;
}

absl::StatusOr<RecordBlockPtr> RocksMessageStore::BlockOrEnd(
    const BoundedIterator& iterator, TopicId topic, Sequence near) const {
  if (iterator->Valid()) return BlockAt(iterator);
  SLUICE_RETURN_IF_ERROR(EndOf(iterator, topic, near));
  return RecordBlockPtr();
}

absl::Status RocksMessageStore::EndOf(const BoundedIterator& iterator,
                                      TopicId topic, Sequence near) const {
  const rocksdb::Status status = iterator->status();
  if (status.ok()) return absl::OkStatus();
  if (status.IsCorruption()) {
    return Corruption(
        absl::StrCat("log of topic ", topic, ", at or after sequence ", near),
        status.ToString());
  }
  // RocksDB 7.8 can lose data in a compaction that meets a read error, so
  // nothing may be written on top of one.
  return health_->Close(status);
}

absl::StatusOr<std::vector<RecordBlockPtr>> RocksMessageStore::ReadBlocks(
    TopicId topic, Sequence from, Sequence to, size_t max_bytes) {
  std::vector<RecordBlockPtr> blocks;
  if (from >= to) return blocks;
  SLUICE_ASSIGN_OR_RETURN(const Database database, Opened());
  const BoundedIterator iterator = LogIterator(*database, topic, to);
  iterator->SeekForPrev(LogKey(topic, from));
  Sequence next = from;
  size_t bytes = 0;
  if (!iterator->Valid()) {
    SLUICE_RETURN_IF_ERROR(EndOf(iterator, topic, next));
    iterator->SeekToFirst();
  }
  for (;; iterator->Next()) {
    const bool has_some = !blocks.empty();
    if (has_some && iterator->Valid() &&
        bytes + iterator->value().size() > max_bytes) {
      return blocks;
    }
    absl::StatusOr<RecordBlockPtr> block = BlockOrEnd(iterator, topic, next);
    // The next read begins with it.
    if (has_some && absl::IsDataLoss(block.status())) return blocks;
    SLUICE_RETURN_IF_ERROR(block.status());
    if (*block == nullptr) return blocks;
    // Only the first can: it begins before `from` and may end there, too.
    if ((*block)->end_sequence() <= from) continue;
    next = (*block)->end_sequence();
    bytes += (*block)->size();
    blocks.push_back(*std::move(block));
  }
}

absl::StatusOr<Sequence> RocksMessageStore::SkipDamage(TopicId topic,
                                                       Sequence from,
                                                       Sequence to) {
  SLUICE_ASSIGN_OR_RETURN(const Database database, Opened());
  const BoundedIterator iterator = LogIterator(*database, topic, to);
  // The iterator cannot step over what it cannot read, and does not say where
  // that ends: looked for in steps that double, then halve.
  Sequence next = to;
  const auto is_damaged = [&](Sequence at) -> absl::StatusOr<bool> {
    iterator->Seek(LogKey(topic, at));
    const auto block = BlockOrEnd(iterator, topic, at);
    if (absl::IsDataLoss(block.status())) return true;
    SLUICE_RETURN_IF_ERROR(block.status());
    next = *block == nullptr ? to : (*block)->first_sequence();
    return false;
  };
  Sequence damaged = from;
  Sequence readable = to;
  for (Sequence step = 1; step != 0 && step < to - from; step *= 2) {
    SLUICE_ASSIGN_OR_RETURN(const bool is_so, is_damaged(from + step));
    (is_so ? damaged : readable) = from + step;
    if (!is_so) break;
  }
  while (readable - damaged > 1) {
    const Sequence middle = damaged + (readable - damaged) / 2;
    SLUICE_ASSIGN_OR_RETURN(const bool is_so, is_damaged(middle));
    (is_so ? damaged : readable) = middle;
  }
  return next;
}

absl::StatusOr<LogExtent> RocksMessageStore::Extent(TopicId topic) {
  SLUICE_ASSIGN_OR_RETURN(const Database database, Opened());
  if (!heads_.Find(topic).has_value()) {
    absl::MutexLock lock(&order_mu_);
    const absl::Status learned = LearnHead(*database, topic);
    if (!learned.ok() && !absl::IsDataLoss(learned)) return learned;
  }
  const BoundedIterator iterator = LogIterator(*database, topic, UINT64_MAX);
  iterator->SeekToFirst();
  const absl::StatusOr<RecordBlockPtr> first = BlockOrEnd(iterator, topic, 0);
  if (first.ok() && *first == nullptr) return LogExtent{};
  iterator->SeekToLast();
  const absl::StatusOr<RecordBlockPtr> last = BlockOrEnd(iterator, topic, 0);
  for (const auto& block : {first.status(), last.status()}) {
    if (!block.ok() && !absl::IsDataLoss(block)) return block;
  }
  if (!first.ok() || !last.ok()) return ExtentAroundDamage(topic, first, last);
  // The log was forgotten just now.
  if (*last == nullptr) return LogExtent{};
  return LogExtent{(*first)->first_sequence(), (*last)->end_sequence(),
                   (*first)->log_offset(),
                   (*last)->log_offset() + (*last)->size()};
}

absl::StatusOr<LogExtent> RocksMessageStore::ExtentAroundDamage(
    TopicId topic, const absl::StatusOr<RecordBlockPtr>& first,
    const absl::StatusOr<RecordBlockPtr>& last) {
  if (options_.logger != nullptr) {
    options_.logger->error(
        "the log of topic id {} begins or ends with damage: {}", topic,
        (first.ok() ? last : first).status().ToString());
  }
  const Sequence begin =
      std::max<Sequence>(heads_.Find(topic).value_or(LogHead{}).sequence, 1);
  RecordBlockPtr oldest = first.ok() ? *first : nullptr;
  RecordBlockPtr newest = last.ok() ? *last : nullptr;
  Sequence at = begin;
  while (at < UINT64_MAX && (oldest == nullptr || !last.ok())) {
    const auto blocks = ReadBlocks(topic, at, UINT64_MAX, kWalkBytes);
    if (absl::IsDataLoss(blocks.status())) {
      SLUICE_ASSIGN_OR_RETURN(at, SkipDamage(topic, at, UINT64_MAX));
      continue;
    }
    SLUICE_RETURN_IF_ERROR(blocks.status());
    if (blocks->empty()) break;
    if (oldest == nullptr) oldest = blocks->front();
    if (!last.ok()) newest = blocks->back();
    at = blocks->back()->end_sequence();
  }
  LogExtent extent;
  extent.first = first.ok() ? oldest->first_sequence() : begin;
  extent.first_offset = oldest == nullptr ? 0 : oldest->log_offset();
  extent.end = newest == nullptr ? begin : newest->end_sequence();
  extent.end_offset = newest == nullptr ? extent.first_offset
                                        : newest->log_offset() + newest->size();
  extent.end_is_known = last.ok();
  if (!extent.end_is_known) ++extent.end;  // the damaged one has one message
  return extent;
}

absl::Status RocksMessageStore::LearnHead(const RocksDatabase& database,
                                          TopicId topic) {
  if (heads_.Find(topic).has_value()) return absl::OkStatus();
  const BoundedIterator iterator = LogIterator(database, topic, UINT64_MAX);
  iterator->SeekToFirst();
  if (!iterator->Valid()) return EndOf(iterator, topic, 0);
  SLUICE_ASSIGN_OR_RETURN(const RecordBlockPtr first, BlockAt(iterator));
  heads_.Set(topic, {first->first_sequence(), first->log_offset()});
  return absl::OkStatus();
}

absl::StatusOr<LogHead> RocksMessageStore::HeadAfterForgetting(
    const RocksDatabase& database, TopicId topic, LogHead head,
    Sequence before) const {
  const BoundedIterator iterator = LogIterator(database, topic, UINT64_MAX);
  iterator->SeekForPrev(LogKey(topic, before));
  if (!iterator->Valid()) {
    SLUICE_RETURN_IF_ERROR(EndOf(iterator, topic, head.sequence));
    return head;
  }
  SLUICE_ASSIGN_OR_RETURN(const RecordBlockPtr block, BlockAt(iterator));
  if (block->end_sequence() > before) {
    return LogHead{block->first_sequence(), block->log_offset()};
  }
  return LogHead{block->end_sequence(), block->log_offset() + block->size()};
}

absl::Status RocksMessageStore::Forget(TopicId topic, Sequence before) {
  SLUICE_RETURN_IF_ERROR(health_->status());
  SLUICE_ASSIGN_OR_RETURN(const Database database, Opened());
  {
    absl::MutexLock lock(&order_mu_);
    const absl::Status learned = LearnHead(*database, topic);
    // Damage at the start does not keep it from being forgotten.
    if (!learned.ok() && !absl::IsDataLoss(learned)) return learned;
  }
  // Read without the lock, so that appends go on: the end of the range does not
  // depend on what is written meanwhile, only its start does.
  const LogHead known = heads_.Find(topic).value_or(LogHead{});
  absl::StatusOr<LogHead> new_head =
      HeadAfterForgetting(*database, topic, known, before);
  if (absl::IsDataLoss(new_head.status()) && before == UINT64_MAX) {
    new_head = LogHead{UINT64_MAX, known.log_offset};
  }
  SLUICE_RETURN_IF_ERROR(new_head.status());
  absl::MutexLock lock(&order_mu_);
  const LogHead head = heads_.Find(topic).value_or(LogHead{});
  // Nobody comes back to a log that is dropped.
  if (before == UINT64_MAX) heads_.Erase(topic);
  if (new_head->sequence <= head.sequence) return absl::OkStatus();
  const std::string begin = LogKey(topic, head.sequence);
  const std::string end = LogKey(topic, new_head->sequence);
  const rocksdb::Status status = database->db()->DeleteRange(
      rocksdb::WriteOptions(), database->log(), begin, end);
  if (!status.ok()) return health_->Close(status);
  // Where damage hid the start, the head may count too much.
  database->reclaimer().Forgotten(
      begin, end,
      new_head->log_offset - std::min(head.log_offset, new_head->log_offset));
  if (before < UINT64_MAX) heads_.Set(topic, *new_head);
  return absl::OkStatus();
}

absl::Status RocksMessageStore::ReadState(StateFamily family,
                                          absl::string_view prefix,
                                          const StateVisitor& visit) {
  SLUICE_ASSIGN_OR_RETURN(const Database database, Opened());
  const BoundedIterator iterator(database->db(), Family(*database, family),
                                 std::string(prefix), EndOfPrefix(prefix),
                                 rocksdb::ReadOptions());
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    SLUICE_RETURN_IF_ERROR(
        visit(ToView(iterator->key()), ToView(iterator->value())));
  }
  const rocksdb::Status status = iterator->status();
  if (status.ok()) return absl::OkStatus();
  if (status.IsCorruption()) {
    return Corruption("records of topics and channels", status.ToString());
  }
  return health_->Close(status);
}

absl::Status RocksMessageStore::Sync() {
  SLUICE_RETURN_IF_ERROR(health_->status());
  SLUICE_ASSIGN_OR_RETURN(const Database database, Opened());
  const rocksdb::Status status = database->db()->SyncWAL();
  if (!status.ok()) return health_->Close(status);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<MessageStore>> OpenRocksMessageStore(
    const RocksStoreOptions& options) {
  auto health =
      std::make_shared<StoreHealth>(options.logger, options.health_changed);
  SLUICE_ASSIGN_OR_RETURN(std::unique_ptr<RocksDatabase> database,
                          RocksDatabase::Open(options, health));
  return std::make_unique<RocksMessageStore>(options, std::move(health),
                                             std::move(database));
}

}  // namespace sluice
