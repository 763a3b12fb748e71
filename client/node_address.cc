// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/node_address.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace sluice {

std::string HostAndPort(const std::string& host, uint32_t port) {
  if (absl::StrContains(host, ':') && !absl::StartsWith(host, "[")) {
    return absl::StrCat("[", host, "]:", port);
  }
  return absl::StrCat(host, ":", port);
}

std::string NodeAddress(const v1::NodeInfo& node) {
  return HostAndPort(node.broadcast_address(), node.grpc_port());
}

}  // namespace sluice
