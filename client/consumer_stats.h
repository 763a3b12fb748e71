// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CONSUMER_STATS_H_
#define SLUICE_CLIENT_CONSUMER_STATS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace sluice {

// One node, as a Consumer sees it.
struct ConsumerNodeStats {
  std::string address;
  bool connected = false;
  bool draining = false;
  uint32_t ready = 0;      // its share of max_in_flight just now
  uint32_t in_flight = 0;  // messages of it that are held
  uint64_t received = 0;   // since it was first known
  absl::Status last_error;
};

// A Consumer at one moment. Counts are messages since it was made.
struct ConsumerStats {
  uint64_t received = 0;
  uint64_t finished = 0;
  uint64_t requeued = 0;    // by handlers
  uint64_t given_back = 0;  // unworked, by the consumer itself
  uint64_t given_up = 0;    // handed to on_give_up
  uint64_t duplicates = 0;  // dropped by the dedup window
  uint64_t late = 0;        // completed after their lease was gone
  uint32_t in_flight = 0;   // held just now: `waiting` and worked on
  uint32_t waiting = 0;     // of those, for a worker
  // The next pause after a failure is longer than backoff_base where above 1.
  uint32_t backoff_level = 0;
  bool backing_off = false;  // nothing or a probe is received just now
  std::vector<ConsumerNodeStats> nodes;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_CONSUMER_STATS_H_
