// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_ROCKS_DATABASE_H_
#define SLUICE_SERVER_STORAGE_ROCKS_DATABASE_H_

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "server/storage/rocks_store_options.h"
#include "server/storage/rocks_tuning.h"
#include "server/storage/space_reclaimer.h"
#include "server/storage/store_health.h"

namespace sluice {

// The database from one opening to its closing, with the thread that reclaims
// its space. The store shares it with the calls under way, so that it can be
// closed and opened again beneath them. Thread-safe.
class RocksDatabase {
 public:
  // Blocks until the write-ahead log is replayed. See OpenRocksMessageStore for
  // the errors. Whatever the database reports later closes `health`.
  static absl::StatusOr<std::unique_ptr<RocksDatabase>> Open(
      const RocksStoreOptions& options, std::shared_ptr<StoreHealth> health);

  // Puts everything on stable storage while the store is healthy, and closes
  // the database.
  ~RocksDatabase();
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;

  // Called at the very end of the destructor, on whichever thread held the
  // database last. For who is about to let go of it.
  void OnClosed(std::function<void()> closed) { closed_ = std::move(closed); }

  rocksdb::DB* db() const { return db_.get(); }
  rocksdb::ColumnFamilyHandle* family(size_t index) const {
    return families_[index];
  }
  rocksdb::ColumnFamilyHandle* log() const { return family(kLogFamily); }
  SpaceReclaimer& reclaimer() { return *reclaimer_; }

 private:
  RocksDatabase(std::unique_ptr<rocksdb::DB> db,
                std::vector<rocksdb::ColumnFamilyHandle*> families,
                std::shared_ptr<StoreHealth> health,
                std::shared_ptr<spdlog::logger> logger);

  // Constant after construction.
  const std::shared_ptr<spdlog::logger> logger_;
  const std::shared_ptr<StoreHealth> health_;
  std::unique_ptr<rocksdb::DB> db_;
  const std::vector<rocksdb::ColumnFamilyHandle*> families_;
  std::unique_ptr<SpaceReclaimer> reclaimer_;
  std::function<void()> closed_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_ROCKS_DATABASE_H_
