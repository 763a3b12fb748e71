// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_INFO_PAGE_H_
#define SLUICE_SERVER_INFO_PAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/announce/lookup_state.h"

namespace sluice {

// What GET /info tells about the node.
struct InfoPage {
  std::string version;
  std::string node_id;
  std::string broadcast_address;
  uint32_t grpc_port = 0;
  uint32_t http_port = 0;
  absl::Time start_time;
  std::vector<LookupState> lookups;  // those that the node announces itself to

  // One line of JSON, whatever the texts hold.
  std::string ToJson() const;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_INFO_PAGE_H_
