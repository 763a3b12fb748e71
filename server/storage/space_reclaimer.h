// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_SPACE_RECLAIMER_H_
#define SLUICE_SERVER_STORAGE_SPACE_RECLAIMER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/db.h"
#include "server/storage/store_health.h"

namespace sluice {

// Makes disk space come back after messages were forgotten, and parked copies
// erased. A range deletion
// only hides them; their bytes go when a compaction meets it, when live data
// has been moved out of a blob file, and, in the write-ahead log, when every
// family's memory has become a file. Under load RocksDB does the first and the
// last by itself; this does what the end of the load leaves, and the second.
//
// Owned by the store, which destroys it before the database. Has a thread,
// which looks once a second, from when there may be something to put away until
// there is not. Thread-safe.
class SpaceReclaimer {
 public:
  struct Families {
    rocksdb::ColumnFamilyHandle* log;
    rocksdb::ColumnFamilyHandle* parked;
    std::vector<rocksdb::ColumnFamilyHandle*> all;
  };

  // All must outlive the reclaimer.
  SpaceReclaimer(rocksdb::DB* db, Families families, StoreHealth* health);
  ~SpaceReclaimer();
  SpaceReclaimer(const SpaceReclaimer&) = delete;
  SpaceReclaimer& operator=(const SpaceReclaimer&) = delete;

  // So many bytes went into the write-ahead log.
  void Appended(uint64_t bytes) ABSL_LOCKS_EXCLUDED(mu_);

  // Log keys in [from, to) were deleted, with about so many bytes.
  void Forgotten(const std::string& from, const std::string& to, uint64_t bytes)
      ABSL_LOCKS_EXCLUDED(mu_);

  // All parked keys in [from, to) were deleted.
  void Erased(const std::string& from, const std::string& to)
      ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Span {
    std::string from;
    std::string to;
  };
  // The span of what was deleted, which may have live keys in between.
  struct Deleted {
    Span span;
    uint64_t bytes = 0;
  };

  void StartIfIdle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Run();
  // False: the store closes, or there is nothing to do any more.
  bool WaitForTick() ABSL_LOCKS_EXCLUDED(mu_);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool IsQuiet();
  void Settle() ABSL_LOCKS_EXCLUDED(mu_);
  // What is worth a compaction, or nothing (bytes == 0).
  Deleted TakeDeleted() ABSL_LOCKS_EXCLUDED(mu_);
  // The same for parked keys.
  std::vector<Span> TakeErased() ABSL_LOCKS_EXCLUDED(mu_);
  void AddErased(Span span) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // An earlier run may have stopped before it put away what it had erased.
  void FindErased() ABSL_LOCKS_EXCLUDED(mu_);
  uint64_t ParkedBytesIn(const Span& span) const;
  void Compact(rocksdb::ColumnFamilyHandle* family, const Span& span);
  void CollectGarbage();
  uint64_t LogProperty(const std::string& name) const;

  // Constant after construction.
  rocksdb::DB* const db_;
  const Families families_;
  StoreHealth* const health_;

  std::atomic<uint64_t> appended_bytes_{0};
  std::atomic<uint64_t> appended_at_last_flush_{0};

  absl::Mutex mu_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  bool running_ ABSL_GUARDED_BY(mu_) = false;
  Deleted deleted_ ABSL_GUARDED_BY(mu_);
  // Of what was deleted since the log was last looked through for garbage.
  uint64_t unchecked_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  // Of parked keys. Kept apart as far as they are few: what is in between
  // lives.
  std::vector<Span> erased_ ABSL_GUARDED_BY(mu_);
  bool erased_is_unchecked_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mu_);  // the last one; it may have ended

  // The thread's own.
  int idle_ticks_ = 0;
  uint64_t appended_at_last_tick_ = 0;
  // What the last collection could not get at; it would not get at it now.
  uint64_t garbage_left_ = 0;
  bool looked_for_erased_ = false;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_SPACE_RECLAIMER_H_
