// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/rocks_tuning.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(RocksTuning, LeavesOffWhatIsFaultyInThisRocksDb) {
  const rocksdb::DBOptions db = DatabaseTuning(RocksStoreOptions{});
  EXPECT_FALSE(db.track_and_verify_wals_in_manifest);
  EXPECT_EQ(db.wal_compression, rocksdb::kNoCompression);
  EXPECT_FALSE(db.manual_wal_flush);
  EXPECT_EQ(db.recycle_log_file_num, 0u);
  for (const auto& family : FamilyTuning(RocksStoreOptions{})) {
    EXPECT_EQ(family.options.compaction_style, rocksdb::kCompactionStyleLevel);
    // The threshold ends in a failed assertion once all messages are dropped.
    EXPECT_FALSE(family.options.enable_blob_garbage_collection);
    EXPECT_EQ(family.options.blob_garbage_collection_force_threshold, 1.0);
  }
}

TEST(RocksTuning, NeverSkipsDamageUnlessToldTo) {
  RocksStoreOptions options;
  EXPECT_TRUE(DatabaseTuning(options).paranoid_checks);
  EXPECT_EQ(DatabaseTuning(options).wal_recovery_mode,
            rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords);
  options.wal_repair = WalRepair::kKeepUpToDamage;
  EXPECT_EQ(DatabaseTuning(options).wal_recovery_mode,
            rocksdb::WALRecoveryMode::kPointInTimeRecovery);
}

TEST(RocksTuning, StaysWithinTheMemoryOfASmallNode) {
  const RocksStoreOptions options;
  size_t bytes = options.block_cache_bytes;
  for (const auto& family : FamilyTuning(options)) {
    if (family.name == rocksdb::kDefaultColumnFamilyName) continue;
    bytes += family.options.write_buffer_size *
             static_cast<size_t>(family.options.max_write_buffer_number);
  }
  EXPECT_LE(bytes, size_t{192} << 20);
}

TEST(RocksTuning, BoundsTheWriteAheadLog) {
  const rocksdb::DBOptions db = DatabaseTuning(RocksStoreOptions{});
  EXPECT_GT(db.max_total_wal_size, 0u);
  EXPECT_LE(db.max_total_wal_size, uint64_t{256} << 20);
}

TEST(RocksTuning, NamesTheFamiliesInTheirOrder) {
  const auto families = FamilyTuning(RocksStoreOptions{});
  ASSERT_EQ(families.size(), 4u);
  EXPECT_EQ(families[kLogFamily].name, "log");
  EXPECT_EQ(families[kParkedFamily].name, "parked");
  EXPECT_EQ(families[kMetaFamily].name, "meta");
}

}  // namespace
}  // namespace sluice
