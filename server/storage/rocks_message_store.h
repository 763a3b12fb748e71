// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_ROCKS_MESSAGE_STORE_H_
#define SLUICE_SERVER_STORAGE_ROCKS_MESSAGE_STORE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "server/storage/message_store.h"
#include "server/storage/rocks_store_options.h"

namespace sluice {

// Opens the store that keeps everything in a RocksDB database, and makes the
// database when there is none. Blocks until the write-ahead log is replayed;
// says so in the log when that takes long.
//
// DATA_LOSS (CORRUPTION): the database is damaged. RESOURCE_EXHAUSTED: the disk
// is full; recovery needs room. FAILED_PRECONDITION: another process has it
// open. The message says which file.
//
// A full disk closes the store to writes; when `options.has_room` says that it
// is over, the store opens itself again and health() is OK. Reads fail for as
// long as that takes. Any other failure closes it for good.
//
// Append, Forget and Sync of this store block while they write; a write that
// the disk cannot keep up with waits. Destroying the store puts everything on
// stable storage first; no call may be running then.
absl::StatusOr<std::unique_ptr<MessageStore>> OpenRocksMessageStore(
    const RocksStoreOptions& options);

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_ROCKS_MESSAGE_STORE_H_
