// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/rocks_message_store.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "server/storage/bounded_iterator.h"
#include "server/storage/keys.h"
#include "server/storage/log_heads.h"
#include "server/storage/rocks_logger.h"
#include "server/storage/rocks_tuning.h"
#include "server/storage/space_reclaimer.h"
#include "server/storage/store_health.h"

namespace sluice {
namespace {

// What a record adds to a write batch beside its key and value, at most.
constexpr size_t kRecordOverhead = 32;

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

absl::Status OpenError(const RocksStoreOptions& options,
                       const rocksdb::Status& status) {
  const std::string what =
      absl::StrCat("cannot open the log in ", options.path, ": ");
  if (status.IsCorruption()) {
    return Corruption(
        absl::StrCat(what, "it is damaged"),
        absl::StrCat(status.ToString(),
                     ". Nothing was changed. Restore the directory from a "
                     "backup, or open it once with point-in-time repair, which "
                     "drops all that was written after the damage"));
  }
  if (status.IsNoSpace()) {
    return absl::ResourceExhaustedError(
        absl::StrCat(what,
                     "the disk is full. Make room for the write-ahead "
                     "log's size and start again. ",
                     status.ToString()));
  }
  if (absl::StrContains(status.ToString(), "lock ")) {
    return absl::FailedPreconditionError(
        absl::StrCat(what, "another process has it open. ", status.ToString()));
  }
  return absl::UnavailableError(absl::StrCat(what, status.ToString()));
}

// The smallest key above all keys with this prefix; empty when there is none.
std::string EndOfPrefix(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) ++end.back();
  return end;
}

class RocksMessageStore final : public MessageStore {
 public:
  RocksMessageStore(std::unique_ptr<rocksdb::DB> db,
                    std::vector<rocksdb::ColumnFamilyHandle*> families,
                    std::shared_ptr<StoreHealth> health,
                    std::shared_ptr<spdlog::logger> logger);
  ~RocksMessageStore() override;

  void Append(StoreBatch batch, AppendDone done) override;
  absl::StatusOr<std::vector<RecordBlockPtr>> ReadBlocks(
      TopicId topic, Sequence from, Sequence to, size_t max_bytes) override;
  absl::StatusOr<LogExtent> Extent(TopicId topic) override;
  absl::Status Forget(TopicId topic, Sequence before) override;
  absl::Status ReadState(StateFamily family, absl::string_view prefix,
                         const StateVisitor& visit) override;
  absl::Status Sync() override;
  absl::Status health() override { return health_->status(); }

 private:
  absl::Status Write(const StoreBatch& batch);
  rocksdb::ColumnFamilyHandle* Family(StateFamily family) const;
  rocksdb::ColumnFamilyHandle* log() const { return families_[kLogFamily]; }

  BoundedIterator LogIterator(TopicId topic, Sequence to) const;
  // The block under the iterator, verified.
  absl::StatusOr<RecordBlockPtr> BlockAt(const BoundedIterator& iterator) const;
  // The iterator is not on a block: OK at the end, else what went wrong while
  // it looked for one at or after `near`.
  absl::Status EndOf(const BoundedIterator& iterator, TopicId topic,
                     Sequence near) const;

  // Finds a head that is not known yet.
  absl::Status LearnHead(TopicId topic)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(order_mu_);
  // Where the log begins when all blocks wholly below `before` are gone.
  absl::StatusOr<LogHead> HeadAfterForgetting(TopicId topic, LogHead head,
                                              Sequence before) const;

  // Constant after construction.
  const std::shared_ptr<spdlog::logger> logger_;
  const std::shared_ptr<StoreHealth> health_;
  const std::unique_ptr<rocksdb::DB> db_;
  const std::vector<rocksdb::ColumnFamilyHandle*> families_;

  // Appends share it, Forget has it alone: a block must not slip into a range
  // between the moment the range is chosen and the moment it is deleted.
  absl::Mutex order_mu_;
  LogHeads heads_;
  std::unique_ptr<SpaceReclaimer> reclaimer_;
};

RocksMessageStore::RocksMessageStore(
    std::unique_ptr<rocksdb::DB> db,
    std::vector<rocksdb::ColumnFamilyHandle*> families,
    std::shared_ptr<StoreHealth> health, std::shared_ptr<spdlog::logger> logger)
    : logger_(std::move(logger)),
      health_(std::move(health)),
      db_(std::move(db)),
      families_(std::move(families)),
      reclaimer_(std::make_unique<SpaceReclaimer>(
          db_.get(), SpaceReclaimer::Families{log(), families_},
          health_.get())) {}

RocksMessageStore::~RocksMessageStore() {
  reclaimer_.reset();
  rocksdb::Status status;
  if (health_->status().ok()) {
    // Not needed for safety; it makes the next start quick.
    status = db_->Flush(rocksdb::FlushOptions(), families_);
    if (status.ok()) status = db_->SyncWAL();
  }
  for (rocksdb::ColumnFamilyHandle* const family : families_) {
    db_->DestroyColumnFamilyHandle(family);
  }
  const rocksdb::Status closed = db_->Close();
  if (status.ok()) status = closed;
  if (!status.ok() && logger_ != nullptr) {
    logger_->error("closing the log: {}", status.ToString());
  }
}

rocksdb::ColumnFamilyHandle* RocksMessageStore::Family(
    StateFamily family) const {
  return families_[family == StateFamily::kParked ? kParkedFamily
                                                  : kMetaFamily];
}

void RocksMessageStore::Append(StoreBatch batch, AppendDone done) {
  done(Write(batch));
}

absl::Status RocksMessageStore::Write(const StoreBatch& batch) {
  SLUICE_RETURN_IF_ERROR(health_->status());
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
    status = write.value.has_value()
                 ? records.Put(Family(write.family), write.key, *write.value)
                 : records.Delete(Family(write.family), write.key);
    if (!status.ok()) return health_->Close(status);
  }

  absl::ReaderMutexLock lock(&order_mu_);
  for (const LogWrite& write : batch.blocks) {
    const Sequence first = write.block->first_sequence();
    heads_.Lower(write.topic, {first, write.block->log_offset()});
    status = records.Put(log(), LogKey(write.topic, first),
                         ToSlice(write.block->bytes()));
    if (!status.ok()) return health_->Close(status);
  }
  rocksdb::WriteOptions options;
  options.sync = batch.sync;
  status = db_->Write(options, &records);
  if (!status.ok()) return health_->Close(status);
  reclaimer_->Appended(records.GetDataSize());
  return absl::OkStatus();
}

BoundedIterator RocksMessageStore::LogIterator(TopicId topic,
                                               Sequence to) const {
  const LogHead head = heads_.Find(topic).value_or(LogHead{});
  rocksdb::ReadOptions options;
  // A backlog is read once; it must not push indexes out of the cache.
  options.fill_cache = false;
  return BoundedIterator(db_.get(), log(), LogKey(topic, head.sequence),
                         LogKey(topic, to), options);
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
  const BoundedIterator iterator = LogIterator(topic, to);
  iterator->SeekForPrev(LogKey(topic, from));
  Sequence next = from;
  size_t bytes = 0;
  if (!iterator->Valid()) {
    SLUICE_RETURN_IF_ERROR(EndOf(iterator, topic, next));
    iterator->SeekToFirst();
  }
  for (; iterator->Valid(); iterator->Next()) {
    const size_t size = iterator->value().size();
    if (!blocks.empty() && bytes + size > max_bytes) return blocks;
    SLUICE_ASSIGN_OR_RETURN(RecordBlockPtr block, BlockAt(iterator));
    // Only the first can: it begins before `from` and may end there, too.
    if (block->end_sequence() <= from) continue;
    next = block->end_sequence();
    bytes += size;
    blocks.push_back(std::move(block));
  }
  SLUICE_RETURN_IF_ERROR(EndOf(iterator, topic, next));
  return blocks;
}

absl::StatusOr<LogExtent> RocksMessageStore::Extent(TopicId topic) {
  if (!heads_.Find(topic).has_value()) {
    absl::MutexLock lock(&order_mu_);
    SLUICE_RETURN_IF_ERROR(LearnHead(topic));
  }
  const BoundedIterator iterator = LogIterator(topic, UINT64_MAX);
  iterator->SeekToFirst();
  if (!iterator->Valid()) {
    SLUICE_RETURN_IF_ERROR(EndOf(iterator, topic, 0));
    return LogExtent{};
  }
  SLUICE_ASSIGN_OR_RETURN(const RecordBlockPtr first, BlockAt(iterator));
  iterator->SeekToLast();
  if (!iterator->Valid()) {
    SLUICE_RETURN_IF_ERROR(EndOf(iterator, topic, first->first_sequence()));
    return LogExtent{};
  }
  SLUICE_ASSIGN_OR_RETURN(const RecordBlockPtr last, BlockAt(iterator));
  return LogExtent{first->first_sequence(), last->end_sequence(),
                   first->log_offset(), last->log_offset() + last->size()};
}

absl::Status RocksMessageStore::LearnHead(TopicId topic) {
  if (heads_.Find(topic).has_value()) return absl::OkStatus();
  const BoundedIterator iterator = LogIterator(topic, UINT64_MAX);
  iterator->SeekToFirst();
  if (!iterator->Valid()) return EndOf(iterator, topic, 0);
  SLUICE_ASSIGN_OR_RETURN(const RecordBlockPtr first, BlockAt(iterator));
  heads_.Set(topic, {first->first_sequence(), first->log_offset()});
  return absl::OkStatus();
}

absl::StatusOr<LogHead> RocksMessageStore::HeadAfterForgetting(
    TopicId topic, LogHead head, Sequence before) const {
  const BoundedIterator iterator = LogIterator(topic, UINT64_MAX);
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
  {
    absl::MutexLock lock(&order_mu_);
    const absl::Status learned = LearnHead(topic);
    // Damage at the start does not keep it from being forgotten.
    if (!learned.ok() && !absl::IsDataLoss(learned)) return learned;
  }
  // Read without the lock, so that appends go on: the end of the range does not
  // depend on what is written meanwhile, only its start does.
  const LogHead known = heads_.Find(topic).value_or(LogHead{});
  absl::StatusOr<LogHead> new_head = HeadAfterForgetting(topic, known, before);
  if (absl::IsDataLoss(new_head.status()) && before == UINT64_MAX) {
    new_head = LogHead{UINT64_MAX, known.log_offset};
  }
  SLUICE_RETURN_IF_ERROR(new_head.status());
  absl::MutexLock lock(&order_mu_);
  const LogHead head = heads_.Find(topic).value_or(LogHead{});
  if (new_head->sequence <= head.sequence) return absl::OkStatus();
  const std::string begin = LogKey(topic, head.sequence);
  const std::string end = LogKey(topic, new_head->sequence);
  const rocksdb::Status status =
      db_->DeleteRange(rocksdb::WriteOptions(), log(), begin, end);
  if (!status.ok()) return health_->Close(status);
  reclaimer_->Forgotten(begin, end, new_head->log_offset - head.log_offset);
  if (new_head->sequence < UINT64_MAX) heads_.Set(topic, *new_head);
  return absl::OkStatus();
}

absl::Status RocksMessageStore::ReadState(StateFamily family,
                                          absl::string_view prefix,
                                          const StateVisitor& visit) {
  const BoundedIterator iterator(db_.get(), Family(family), std::string(prefix),
                                 EndOfPrefix(prefix), rocksdb::ReadOptions());
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
  const rocksdb::Status status = db_->SyncWAL();
  if (!status.ok()) return health_->Close(status);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<MessageStore>> OpenRocksMessageStore(
    const RocksStoreOptions& options) {
  const auto logger =
      std::make_shared<RocksLogger>(options.logger, Clock::Real());
  const auto health = std::make_shared<StoreHealth>(options.logger);
  rocksdb::DBOptions tuning = DatabaseTuning(options);
  tuning.info_log = logger;
  tuning.listeners.push_back(std::make_shared<StoreHealthListener>(health));

  const SteadyTime start = Clock::Real().SteadyNow();
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(
      tuning, options.path, FamilyTuning(options), &families, &db);
  if (!status.ok()) return OpenError(options, status);
  logger->RecoveryDone();
  const absl::Duration took = Clock::Real().SteadyNow() - start;
  if (options.logger != nullptr && took > absl::Seconds(1)) {
    options.logger->info("recovered the log in {} within {}", options.path,
                         absl::FormatDuration(took));
  }
  return std::make_unique<RocksMessageStore>(std::unique_ptr<rocksdb::DB>(db),
                                             std::move(families), health,
                                             options.logger);
}

}  // namespace sluice
