// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/rocks_database.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/error.h"
#include "server/storage/rocks_logger.h"

namespace sluice {
namespace {

absl::Status OpenError(const RocksStoreOptions& options,
                       const rocksdb::Status& status) {
  const std::string what =
      absl::StrCat("cannot open the log in ", options.path, ": ");
  if (status.IsCorruption()) {
    return MakeError(
        absl::StatusCode::kDataLoss, "CORRUPTION",
        absl::StrCat(what, "it is damaged: ", status.ToString(),
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

}  // namespace

absl::StatusOr<std::unique_ptr<RocksDatabase>> RocksDatabase::Open(
    const RocksStoreOptions& options, std::shared_ptr<StoreHealth> health) {
  const auto logger =
      std::make_shared<RocksLogger>(options.logger, Clock::Real());
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
  return std::unique_ptr<RocksDatabase>(
      new RocksDatabase(std::unique_ptr<rocksdb::DB>(db), std::move(families),
                        std::move(health), options.logger));
}

RocksDatabase::RocksDatabase(std::unique_ptr<rocksdb::DB> db,
                             std::vector<rocksdb::ColumnFamilyHandle*> families,
                             std::shared_ptr<StoreHealth> health,
                             std::shared_ptr<spdlog::logger> logger)
    : logger_(std::move(logger)),
      health_(std::move(health)),
      db_(std::move(db)),
      families_(std::move(families)),
      reclaimer_(std::make_unique<SpaceReclaimer>(
          db_.get(),
          SpaceReclaimer::Families{log(), family(kParkedFamily), families_},
          health_.get())) {}

RocksDatabase::~RocksDatabase() {
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
  db_.reset();
  if (closed_ != nullptr) closed_();
}

}  // namespace sluice
