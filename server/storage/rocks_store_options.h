// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_ROCKS_STORE_OPTIONS_H_
#define SLUICE_SERVER_STORAGE_ROCKS_STORE_OPTIONS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "spdlog/logger.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace sluice {

// What to do when the write-ahead log is damaged before its end, which a crash
// does not do but a disk can.
enum class WalRepair {
  // Refuse to open, and leave everything as it is.
  kRefuse,
  // Keep what was written before the damage and drop what came after it.
  kKeepUpToDamage,
};

struct RocksStoreOptions {
  // --- behaviour

  // The directory, made when missing. Nothing else may live in it.
  std::string path;

  // Gets RocksDB's warnings and what the store has to say. Null: silence.
  std::shared_ptr<spdlog::logger> logger;

  WalRepair wal_repair = WalRepair::kRefuse;

  // Whether the disk has room again after it was full. While it says no, the
  // store stays closed to writes; then it opens itself again. Asked on a thread
  // of the store's. Null: a store that met a full disk stays closed for good.
  std::function<bool()> has_room;

  // Called each time the store closes to writes or opens itself again, after
  // health() has changed; on any thread, and must return at once. Null: nobody
  // wants to know.
  std::function<void()> health_changed;

  // The file system, for tests that make it fail. Null: the machine's. Must
  // outlive the store.
  rocksdb::Env* env = nullptr;

  // --- memory and disk

  // The log is gathered in memory up to this size before it becomes a file; as
  // many as four such buffers exist while the disk is slower than publishers.
  size_t log_write_buffer_bytes = size_t{32} << 20;

  // The same for the small records, of which there are two families.
  size_t state_write_buffer_bytes = size_t{8} << 20;

  // Cache of what reads found, index and filter blocks included.
  size_t block_cache_bytes = size_t{32} << 20;

  // The write-ahead log is kept below about this size: it is the time that a
  // start after a crash takes, and disk space that forgetting cannot free.
  size_t wal_bytes = size_t{128} << 20;

  // Log entries of at least this size live in blob files, which compaction
  // does not rewrite.
  size_t min_blob_bytes = 1024;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_ROCKS_STORE_OPTIONS_H_
