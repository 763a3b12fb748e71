// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_ROCKS_TUNING_H_
#define SLUICE_SERVER_STORAGE_ROCKS_TUNING_H_

#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "server/storage/rocks_store_options.h"

namespace sluice {

// How we run RocksDB: the one place that sets its options, each with the reason
// for its value. Logger and listeners are the store's to add.
rocksdb::DBOptions DatabaseTuning(const RocksStoreOptions& options);

// The column families, in the order of kLogFamily and so on. The first is the
// one RocksDB insists on; it stays empty.
std::vector<rocksdb::ColumnFamilyDescriptor> FamilyTuning(
    const RocksStoreOptions& options);

constexpr size_t kLogFamily = 1;
constexpr size_t kParkedFamily = 2;
constexpr size_t kMetaFamily = 3;

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_ROCKS_TUNING_H_
