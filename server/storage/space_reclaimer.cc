// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/space_reclaimer.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"

namespace sluice {
namespace {

constexpr absl::Duration kTick = absl::Seconds(1);

// Below this rate the load counts as over, and what it left is put away.
constexpr uint64_t kQuietBytesPerTick = uint64_t{4} << 20;

// Not worth a flush, a compaction.
constexpr uint64_t kTolerableWalBytes = uint64_t{64} << 20;
constexpr uint64_t kTolerableDeletedBytes = uint64_t{8} << 20;

// Keys begin with a topic id of four bytes.
constexpr char kAboveEveryKey[] = "\xff\xff\xff\xff\xff";

// Spans of erased keys that are told apart.
constexpr size_t kMostSpans = 64;

// The thread goes after so many looks that found nothing to do.
constexpr int kIdleTicks = 3;

// Statuses of background work are not looked at below: a failure that matters
// closes the store through its listener, any other costs space until the next
// time.

}  // namespace

SpaceReclaimer::SpaceReclaimer(rocksdb::DB* db, Families families,
                               StoreHealth* health)
    : db_(db), families_(std::move(families)), health_(health) {
  // An earlier run may have left something.
  absl::MutexLock lock(&mu_);
  StartIfIdle();
}

SpaceReclaimer::~SpaceReclaimer() {
  std::thread last;
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    last.swap(thread_);
  }
  db_->DisableManualCompaction();  // ends one that runs
  last.join();
}

void SpaceReclaimer::Appended(uint64_t bytes) {
  const uint64_t appended = appended_bytes_.fetch_add(bytes) + bytes;
  if (appended - appended_at_last_flush_ < kTolerableWalBytes) return;
  absl::MutexLock lock(&mu_);
  StartIfIdle();
}

void SpaceReclaimer::Forgotten(const std::string& from, const std::string& to,
                               uint64_t bytes) {
  absl::MutexLock lock(&mu_);
  Span& span = deleted_.span;
  const bool is_first = span.to.empty();
  span.from = is_first ? from : std::min(span.from, from);
  span.to = std::max(span.to, to);
  deleted_.bytes += bytes;
  unchecked_bytes_ += bytes;
  if (HasWork()) StartIfIdle();
}

void SpaceReclaimer::Erased(const std::string& from, const std::string& to) {
  absl::MutexLock lock(&mu_);
  AddErased({from, to});
  erased_is_unchecked_ = true;
  StartIfIdle();
}

void SpaceReclaimer::AddErased(Span span) {
  if (erased_.size() < kMostSpans) return erased_.push_back(std::move(span));
  Span& last = erased_.back();
  last.from = std::min(last.from, span.from);
  last.to = std::max(last.to, span.to);
}

bool SpaceReclaimer::HasWork() const {
  return erased_is_unchecked_ || deleted_.bytes >= kTolerableDeletedBytes ||
         unchecked_bytes_ >= kTolerableDeletedBytes ||
         appended_bytes_ - appended_at_last_flush_ >= kTolerableWalBytes;
}

void SpaceReclaimer::StartIfIdle() {
  if (running_ || stopping_) return;
  if (thread_.joinable()) thread_.join();  // it has nothing left to do
  running_ = true;
  idle_ticks_ = 0;
  thread_ = std::thread([this] { Run(); });
}

void SpaceReclaimer::Run() {
  if (!looked_for_erased_) FindErased();
  looked_for_erased_ = true;
  while (WaitForTick()) {
    const bool quiet = IsQuiet();
    if (!health_->status().ok()) continue;
    if (quiet) Settle();
    CollectGarbage();
  }
}

bool SpaceReclaimer::WaitForTick() {
  absl::MutexLock lock(&mu_);
  idle_ticks_ = HasWork() ? 0 : idle_ticks_ + 1;
  if (idle_ticks_ > kIdleTicks) {
    running_ = false;
    return false;
  }
  return !mu_.AwaitWithTimeout(absl::Condition(&stopping_), kTick);
}

bool SpaceReclaimer::IsQuiet() {
  const uint64_t appended = appended_bytes_;
  const uint64_t since = appended - appended_at_last_tick_;
  appended_at_last_tick_ = appended;
  return since < kQuietBytesPerTick;
}

void SpaceReclaimer::Settle() {
  const uint64_t appended = appended_bytes_;
  const Deleted deleted = TakeDeleted();
  const std::vector<Span> erased = TakeErased();
  const bool has_deleted = deleted.bytes > 0 || !erased.empty();
  if (!has_deleted && appended - appended_at_last_flush_ < kTolerableWalBytes) {
    return;
  }
  // All families at once: the one flushed longest ago is what keeps the
  // write-ahead log.
  if (!db_->Flush(rocksdb::FlushOptions(), families_.all).ok()) return;
  appended_at_last_flush_ = appended;
  if (deleted.bytes > 0) Compact(families_.log, deleted.span);
  for (const Span& span : erased) Compact(families_.parked, span);
}

void SpaceReclaimer::Compact(rocksdb::ColumnFamilyHandle* family,
                             const Span& span) {
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  const rocksdb::Slice from(span.from);
  const rocksdb::Slice to(span.to);
  db_->CompactRange(options, family, &from, &to).PermitUncheckedError();
}

SpaceReclaimer::Deleted SpaceReclaimer::TakeDeleted() {
  // The span may hold live keys, which would be rewritten: the gain must be in
  // proportion.
  const uint64_t at_risk =
      LogProperty(rocksdb::DB::Properties::kLiveSstFilesSize);
  const uint64_t worth = std::max(kTolerableDeletedBytes, at_risk / 4);
  absl::MutexLock lock(&mu_);
  if (deleted_.bytes < worth) return Deleted{};
  return std::exchange(deleted_, Deleted{});
}

std::vector<SpaceReclaimer::Span> SpaceReclaimer::TakeErased() {
  std::vector<Span> erased;
  {
    absl::MutexLock lock(&mu_);
    if (!erased_is_unchecked_) return erased;
    erased_is_unchecked_ = false;
    erased.swap(erased_);
  }
  uint64_t bytes = 0;
  for (const Span& span : erased) bytes += ParkedBytesIn(span);
  if (bytes >= kTolerableDeletedBytes) return erased;
  // Not yet worth it: looked at again when more was erased.
  absl::MutexLock lock(&mu_);
  for (Span& span : erased) AddErased(std::move(span));
  return {};
}

void SpaceReclaimer::FindErased() {
  rocksdb::TablePropertiesCollection tables;
  if (!db_->GetPropertiesOfAllTables(families_.parked, &tables).ok()) return;
  const bool has_erased = std::any_of(
      tables.begin(), tables.end(),
      [](const auto& table) { return table.second->num_range_deletions > 0; });
  if (!has_erased) return;
  // It does not say where.
  Erased("", kAboveEveryKey);
}

uint64_t SpaceReclaimer::ParkedBytesIn(const Span& span) const {
  rocksdb::SizeApproximationOptions options;
  options.include_memtables = true;
  const rocksdb::Range range(span.from, span.to);
  uint64_t bytes = 0;
  db_->GetApproximateSizes(options, families_.parked, &range, 1, &bytes)
      .PermitUncheckedError();
  return bytes;
}

void SpaceReclaimer::CollectGarbage() {
  // RocksDB's own policy goes by the age of files, and then rewrites a large
  // backlog over and over. By the share of garbage, no byte of it costs more
  // than two bytes written.
  {
    absl::MutexLock lock(&mu_);
    unchecked_bytes_ = 0;
  }
  using Properties = rocksdb::DB::Properties;
  const uint64_t garbage = LogProperty(Properties::kLiveBlobFileGarbageSize);
  const uint64_t total = LogProperty(Properties::kLiveBlobFileSize) +
                         LogProperty(Properties::kLiveSstFilesSize);
  garbage_left_ = std::min(garbage_left_, garbage);
  if (garbage < garbage_left_ + kTolerableDeletedBytes) return;
  if (garbage < total / 3) return;
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  options.bottommost_level_compaction =
      rocksdb::BottommostLevelCompaction::kForceOptimized;
  options.blob_garbage_collection_policy =
      rocksdb::BlobGarbageCollectionPolicy::kForce;
  options.blob_garbage_collection_age_cutoff = 1.0;
  db_->CompactRange(options, families_.log, nullptr, nullptr)
      .PermitUncheckedError();
  garbage_left_ = LogProperty(Properties::kLiveBlobFileGarbageSize);
}

uint64_t SpaceReclaimer::LogProperty(const std::string& name) const {
  uint64_t value = 0;
  if (!db_->GetIntProperty(families_.log, name, &value)) return 0;
  return value;
}

}  // namespace sluice
