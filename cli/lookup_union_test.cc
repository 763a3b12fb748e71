// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/lookup_union.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;

v1::NodeInfo Node(const std::string& host, uint32_t port) {
  v1::NodeInfo node;
  node.set_broadcast_address(host);
  node.set_grpc_port(port);
  return node;
}

TEST(LookupUnion, HasEachNodeAndChannelOnceInOrder) {
  v1::LookupResponse one, other, all;
  one.add_channels("b");
  *one.add_producers() = Node("y", 1);
  other.add_channels("a");
  other.add_channels("b");
  *other.add_producers() = Node("y", 1);
  *other.add_producers() = Node("x", 1);
  AddTo(one, &all);
  AddTo(other, &all);
  EXPECT_THAT(all.channels(), ElementsAre("a", "b"));
  ASSERT_EQ(all.producers_size(), 2);
  EXPECT_EQ(AddressOf(all.producers(0)), "x:1");
  EXPECT_EQ(AddressOf(all.producers(1)), "y:1");
}

TEST(LookupUnion, PutsBracketsAroundABareIpv6Address) {
  EXPECT_EQ(AddressOf(Node("::1", 4150)), "[::1]:4150");
  EXPECT_EQ(AddressOf(Node("[::1]", 4150)), "[::1]:4150");
  EXPECT_EQ(AddressOf(Node("queue.example", 4150)), "queue.example:4150");
}

}  // namespace
}  // namespace sluice
