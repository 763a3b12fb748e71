// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/rocks_tuning.h"

#include <memory>

#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/table_properties_collectors.h"

namespace sluice {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;

rocksdb::BlockBasedTableOptions TableTuning(
    const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  // Index blocks would else grow with the backlog, outside every budget.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  return table;
}

rocksdb::ColumnFamilyOptions LogTuning(
    const RocksStoreOptions& options,
    const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = options.log_write_buffer_bytes;
  // Room to go on while a buffer becomes a file. When all are full a write
  // waits, and so do publishers: that is the back-pressure.
  family.max_write_buffer_number = 4;
  family.compression = rocksdb::kNoCompression;

  // A message is written once and forgotten as part of a prefix, so rewriting
  // it in compactions is wasted: only keys go through the levels.
  family.enable_blob_files = true;
  family.min_blob_size = options.min_blob_bytes;
  family.blob_file_size = 2 * options.log_write_buffer_bytes;
  // Moving live messages out of blob files full of dead ones is left to the
  // SpaceReclaimer.
  family.enable_blob_garbage_collection = false;
  family.blob_compaction_readahead_size = kMebibyte;

  family.level_compaction_dynamic_level_bytes = true;
  family.max_bytes_for_level_base = 4 * options.log_write_buffer_bytes;
  family.target_file_size_base = options.log_write_buffer_bytes;

  rocksdb::BlockBasedTableOptions table = TableTuning(cache);
  // Values are large or read in order; big blocks keep the index small.
  table.block_size = 32 << 10;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

rocksdb::ColumnFamilyOptions StateTuning(
    const RocksStoreOptions& options,
    const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = options.state_write_buffer_bytes;
  family.max_write_buffer_number = 2;
  family.compression = rocksdb::kNoCompression;
  family.level_compaction_dynamic_level_bytes = true;
  family.max_bytes_for_level_base = 4 * options.state_write_buffer_bytes;
  family.target_file_size_base = options.state_write_buffer_bytes;
  // Parked messages come and go in key order, which leaves runs of deletions
  // for a scan to step over: compact such files soon.
  family.table_properties_collector_factories.push_back(
      rocksdb::NewCompactOnDeletionCollectorFactory(1024, 512));
  family.table_factory.reset(
      rocksdb::NewBlockBasedTableFactory(TableTuning(cache)));
  return family;
}

}  // namespace

rocksdb::DBOptions DatabaseTuning(const RocksStoreOptions& options) {
  rocksdb::DBOptions db;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  if (options.env != nullptr) db.env = options.env;

  // Left at their defaults on purpose, because RocksDB 7.8 has known faults in
  // them: track_and_verify_wals_in_manifest, wal_compression, async_io,
  // manual_wal_flush, recycle_log_file_num.
  db.paranoid_checks = true;
  db.wal_recovery_mode =
      options.wal_repair == WalRepair::kKeepUpToDamage
          ? rocksdb::WALRecoveryMode::kPointInTimeRecovery
          : rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;

  // A family that is seldom written would else keep every write-ahead log
  // since its last flush.
  db.max_total_wal_size = options.wal_bytes;
  db.max_background_jobs = 2;
  // Writes that outrun the disk wait when memory is full, and not before: the
  // default slows them down to 16 MB/s one buffer early.
  db.delayed_write_rate = uint64_t{1} << 30;
  db.max_open_files = 512;

  // Write back steadily instead of in bursts that a later fsync waits for.
  db.bytes_per_sync = kMebibyte;
  db.wal_bytes_per_sync = kMebibyte;
  // Deleting a large file can take long: never on the thread that commits or
  // reads.
  db.avoid_unnecessary_blocking_io = true;

  // No thread that wakes up to write statistics nobody reads.
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  return db;
}

std::vector<rocksdb::ColumnFamilyDescriptor> FamilyTuning(
    const RocksStoreOptions& options) {
  const std::shared_ptr<rocksdb::Cache> cache =
      rocksdb::NewLRUCache(options.block_cache_bytes);
  const rocksdb::ColumnFamilyOptions state = StateTuning(options, cache);
  return {
      {rocksdb::kDefaultColumnFamilyName, state},
      {"log", LogTuning(options, cache)},
      {"parked", state},
      {"meta", state},
  };
}

}  // namespace sluice
