// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_PRODUCER_STATS_H_
#define SLUICE_CLIENT_PRODUCER_STATS_H_

#include <cstdint>

namespace sluice {

// Counts since the Producer was made.
struct ProducerStats {
  uint64_t published = 0;  // messages answered with OK
  uint64_t failed = 0;     // messages answered with an error
  uint64_t retried = 0;    // batches sent again, to the same node or another
  uint64_t moved = 0;      // of those, to another node
  uint64_t in_flight_messages = 0;
  uint64_t in_flight_bytes = 0;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_PRODUCER_STATS_H_
