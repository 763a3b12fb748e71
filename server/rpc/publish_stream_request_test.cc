// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/publish_stream_request.h"

#include <string>

#include "grpcpp/support/slice.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

grpc::ByteBuffer Frame(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// In two slices, as the network may deliver it.
grpc::ByteBuffer SplitFrame(const std::string& bytes) {
  const grpc::Slice slices[] = {grpc::Slice(bytes.substr(0, 5)),
                                grpc::Slice(bytes.substr(5))};
  return grpc::ByteBuffer(slices, 2);
}

v1::PublishStreamRequest Request() {
  v1::PublishStreamRequest request;
  request.set_correlation_id(7);
  request.mutable_publish()->set_topic("orders");
  request.mutable_publish()->add_messages()->set_body("first");
  request.mutable_publish()->add_messages()->set_body("second");
  return request;
}

TEST(PublishStreamRequest, ParsesAcrossSlices) {
  PublishStreamRequestBuffer buffer;
  grpc::ByteBuffer frame = SplitFrame(Request().SerializeAsString());
  ASSERT_TRUE(buffer.Parse(&frame));
  EXPECT_EQ(buffer.correlation_id(), 7u);
  EXPECT_TRUE(buffer.has_publish());
  EXPECT_EQ(buffer.publish().topic(), "orders");
  ASSERT_EQ(buffer.publish().messages_size(), 2);
  EXPECT_EQ(buffer.publish().messages(1).body(), "second");
}

TEST(PublishStreamRequest, KeepsNothingOfTheRequestBefore) {
  PublishStreamRequestBuffer buffer;
  v1::PublishStreamRequest request = Request();
  (*request.mutable_publish()->mutable_messages(0)->mutable_attributes())["a"] =
      "b";
  request.mutable_publish()->mutable_messages(0)->mutable_delay();
  request.mutable_publish()->set_request_id("once");
  grpc::ByteBuffer frame = Frame(request.SerializeAsString());
  ASSERT_TRUE(buffer.Parse(&frame));
  buffer.Release();

  v1::PublishStreamRequest second;
  second.mutable_publish()->set_topic("t");
  second.mutable_publish()->add_messages();
  frame = Frame(second.SerializeAsString());
  ASSERT_TRUE(buffer.Parse(&frame));
  EXPECT_EQ(buffer.correlation_id(), 0u);
  EXPECT_EQ(buffer.publish().SerializeAsString(),
            second.publish().SerializeAsString());
}

TEST(PublishStreamRequest, SeesThatThereIsNoPublish) {
  PublishStreamRequestBuffer buffer;
  grpc::ByteBuffer frame = Frame(Request().SerializeAsString());
  ASSERT_TRUE(buffer.Parse(&frame));
  v1::PublishStreamRequest empty;
  empty.set_correlation_id(8);
  frame = Frame(empty.SerializeAsString());
  ASSERT_TRUE(buffer.Parse(&frame));
  EXPECT_FALSE(buffer.has_publish());
  EXPECT_EQ(buffer.correlation_id(), 8u);
}

TEST(PublishStreamRequest, RefusesWhatIsNoRequest) {
  PublishStreamRequestBuffer buffer;
  grpc::ByteBuffer truncated =
      Frame(Request().SerializeAsString().substr(0, 12));
  EXPECT_FALSE(buffer.Parse(&truncated));
  grpc::ByteBuffer group_end = Frame("\x0c");
  EXPECT_FALSE(buffer.Parse(&group_end));
}

TEST(PublishStreamRequest, LetsGoOfLargeBodies) {
  PublishStreamRequestBuffer buffer;
  v1::PublishStreamRequest request = Request();
  request.mutable_publish()->mutable_messages(1)->set_body(
      std::string(100'000, 'x'));
  grpc::ByteBuffer frame = Frame(request.SerializeAsString());
  ASSERT_TRUE(buffer.Parse(&frame));
  buffer.Release();
  EXPECT_TRUE(buffer.publish().messages().empty());
}

}  // namespace
}  // namespace sluice
