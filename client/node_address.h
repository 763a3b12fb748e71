// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_NODE_ADDRESS_H_
#define SLUICE_CLIENT_NODE_ADDRESS_H_

#include <cstdint>
#include <string>

#include "sluice/v1/lookup.pb.h"

namespace sluice {

// `host:port`, with brackets around an IPv6 address, as gRPC wants it.
std::string HostAndPort(const std::string& host, uint32_t port);

// Where a node that is registered takes calls.
std::string NodeAddress(const v1::NodeInfo& node);

}  // namespace sluice

#endif  // SLUICE_CLIENT_NODE_ADDRESS_H_
