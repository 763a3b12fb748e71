// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_ANNOUNCE_LOOKUP_STATE_H_
#define SLUICE_SERVER_ANNOUNCE_LOOKUP_STATE_H_

#include <cstdint>
#include <string>

namespace sluice {

// How a node stands with one lookup server, for people. A value type.
struct LookupState {
  std::string address;
  bool registered = false;  // connected, and told all so far
  uint64_t failures = 0;    // attempts, and connections lost
  std::string last_error;   // why it is, or was last, not registered
};

}  // namespace sluice

#endif  // SLUICE_SERVER_ANNOUNCE_LOOKUP_STATE_H_
