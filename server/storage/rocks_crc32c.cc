// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/rocks_crc32c.h"

#include <isa-l/crc.h>

#include <algorithm>

namespace rocksdb {
namespace crc32c {

uint32_t Extend(uint32_t init_crc, const char* data, size_t n) {
  constexpr size_t kMost = 1 << 30;  // ISA-L counts in int
  uint32_t crc = ~init_crc;
  while (n > 0) {
    const size_t size = std::min(n, kMost);
    // It only reads; its C interface does not say so.
    auto* const bytes =
        reinterpret_cast<unsigned char*>(const_cast<char*>(data));
    crc = crc32_iscsi(bytes, static_cast<int>(size), crc);
    data += size;
    n -= size;
  }
  return ~crc;
}

}  // namespace crc32c
}  // namespace rocksdb
