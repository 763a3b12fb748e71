// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_ROCKS_CRC32C_H_
#define SLUICE_SERVER_STORAGE_ROCKS_CRC32C_H_

#include <cstddef>
#include <cstdint>

// RocksDB checks every write-ahead log record with CRC-32C. Debian builds it
// without the instructions for that, and then the checksum takes more time than
// anything else a durable publish does. A program that links this target brings
// a definition of the one function RocksDB calls, and the dynamic linker
// prefers a program's own definition over a library's: the same checksum from
// ISA-L, which looks at run time for what the processor can do. The bytes on
// disk are the same with it and without.
//
// docs/adr has the reasons, and what happens with another RocksDB.
namespace rocksdb {
namespace crc32c {

// The CRC-32C (RFC 3720) of the bytes that `init_crc` is of, followed by these.
// The checksum of no bytes is 0. Thread-safe.
uint32_t Extend(uint32_t init_crc, const char* data, size_t n);

}  // namespace crc32c
}  // namespace rocksdb

#endif  // SLUICE_SERVER_STORAGE_ROCKS_CRC32C_H_
