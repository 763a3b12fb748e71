// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/node_address.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(NodeAddress, IsHostAndPort) {
  v1::NodeInfo node;
  node.set_broadcast_address("queue7.example.com");
  node.set_grpc_port(4150);
  node.set_http_port(4151);
  EXPECT_EQ(NodeAddress(node), "queue7.example.com:4150");
}

TEST(NodeAddress, PutsBracketsAroundAnIpv6Address) {
  EXPECT_EQ(HostAndPort("fe80::1", 4150), "[fe80::1]:4150");
  EXPECT_EQ(HostAndPort("[fe80::1]", 4150), "[fe80::1]:4150");
  EXPECT_EQ(HostAndPort("10.0.0.1", 4150), "10.0.0.1:4150");
}

}  // namespace
}  // namespace sluice
