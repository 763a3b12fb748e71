// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_NODE_RECORD_H_
#define SLUICE_LOOKUP_NODE_RECORD_H_

#include <cstdint>
#include <string>

namespace sluice {

// A node as it presents itself: NodeInfo of the contract. A value type.
struct NodeRecord {
  std::string node_id;
  std::string hostname;
  std::string broadcast_address;
  uint32_t grpc_port = 0;
  uint32_t http_port = 0;  // 0: none
  std::string version;
};

}  // namespace sluice

#endif  // SLUICE_LOOKUP_NODE_RECORD_H_
