// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_MEMORY_BUDGET_H_
#define SLUICE_SERVER_QUEUE_MEMORY_BUDGET_H_

#include <atomic>
#include <cstdint>

namespace sluice {

// What all topics together keep in memory, in bytes of record blocks. Two kinds
// count apart, because only one of them can be let go:
//   queued  messages that are nowhere else (memory queues). Past the limit,
//           topics overflow to the backlog early.
//   cached  recent messages that are in the log too, kept so that a consumer
//           who keeps up never reads the disk. Past the bound, the oldest go.
// Thread-safe.
struct MemoryBudget {
  explicit MemoryBudget(uint64_t queued_limit, uint64_t cached_limit)
      : queued_limit_bytes(queued_limit), cached_limit_bytes(cached_limit) {}

  bool HasRoomToQueue(uint64_t bytes) const {
    return queued_bytes.load(std::memory_order_relaxed) + bytes <=
           queued_limit_bytes;
  }
  bool CacheIsOver() const {
    return cached_bytes.load(std::memory_order_relaxed) > cached_limit_bytes;
  }

  const uint64_t queued_limit_bytes;
  const uint64_t cached_limit_bytes;
  std::atomic<uint64_t> queued_bytes{0};
  std::atomic<uint64_t> cached_bytes{0};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_MEMORY_BUDGET_H_
