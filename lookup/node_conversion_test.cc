// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/node_conversion.h"

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

v1::NodeInfo GoodNode() {
  v1::NodeInfo node;
  node.set_node_id("n1");
  node.set_hostname("machine");
  node.set_broadcast_address("queue.example");
  node.set_grpc_port(4150);
  node.set_http_port(4151);
  node.set_version("1.2.3");
  return node;
}

TEST(NodeConversion, KeepsEveryField) {
  v1::NodeInfo wire;
  ToWire(*FromWire(GoodNode()), &wire);
  EXPECT_EQ(wire.SerializeAsString(), GoodNode().SerializeAsString());
}

TEST(NodeConversion, RefusesANodeThatNobodyCouldConnectTo) {
  v1::NodeInfo node = GoodNode();
  node.clear_broadcast_address();
  EXPECT_EQ(ErrorField(FromWire(node).status()), "node.broadcast_address");
  for (const uint32_t port : {0u, 65536u}) {
    node = GoodNode();
    node.set_grpc_port(port);
    EXPECT_EQ(ErrorReason(FromWire(node).status()), "INVALID_CONFIG");
  }
  node = GoodNode();
  node.set_http_port(65536);
  EXPECT_EQ(ErrorField(FromWire(node).status()), "node.http_port");
}

TEST(NodeConversion, RefusesAnIdThatIsNoName) {
  v1::NodeInfo node = GoodNode();
  node.set_node_id("");
  EXPECT_EQ(ErrorReason(FromWire(node).status()), "INVALID_NAME");
}

TEST(NodeConversion, ARegistrationNamesATopicAndPerhapsAChannel) {
  v1::Registration registration;
  EXPECT_EQ(ErrorField(CheckRegistration("add", registration)), "add.topic");
  registration.set_topic("orders");
  EXPECT_TRUE(CheckRegistration("add", registration).ok());
  registration.set_channel("no name");
  const absl::Status status = CheckRegistration("remove", registration);
  EXPECT_EQ(ErrorReason(status), "INVALID_NAME");
  EXPECT_EQ(ErrorField(status), "remove.channel");
}

}  // namespace
}  // namespace sluice
