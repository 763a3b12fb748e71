// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PublishFrame, HoldsAsManyMessagesOfTheSizeAsAskedFor) {
  PublishFrame frame;
  frame.topic = "orders";
  frame.message_count = 3;
  frame.body_bytes = 17;
  frame.durability = v1::DURABILITY_OS;

  v1::PublishStreamRequest request;
  ASSERT_TRUE(Parse(SerializePublish(frame, 9), &request));

  EXPECT_EQ(request.correlation_id(), 9u);
  EXPECT_EQ(request.publish().topic(), "orders");
  EXPECT_EQ(request.publish().durability(), v1::DURABILITY_OS);
  ASSERT_EQ(request.publish().messages_size(), 3);
  EXPECT_EQ(request.publish().messages(2).body().size(), 17u);
  EXPECT_NE(request.publish().messages(0).body(),
            request.publish().messages(1).body());
}

TEST(LeadingCorrelationId, IsReadWithoutTheRest) {
  PublishFrame frame;
  frame.topic = "orders";
  EXPECT_EQ(LeadingCorrelationId(SerializePublish(frame, 300)), 300u);
  EXPECT_EQ(LeadingCorrelationId(SerializePublish(frame, 0)), 0u);
}

TEST(ReadDeliveries, FindsTheIdsAndTheBodySizes) {
  v1::SubscribeResponse response;
  for (uint64_t id : {uint64_t{7}, uint64_t{1} << 60}) {
    v1::Delivery& delivery = *response.mutable_deliveries()->add_deliveries();
    delivery.set_delivery_id(id);
    delivery.set_message_id(1);
    delivery.set_publish_time_unix_nano(2);
    delivery.set_attempts(1);
    delivery.set_body(std::string(1000, 'x'));
    (*delivery.mutable_attributes())["key"] = "value";
  }
  std::vector<uint64_t> ids;
  uint64_t body_bytes = 0;

  EXPECT_EQ(ReadDeliveries(Serialize(response), &ids, &body_bytes),
            v1::SubscribeResponse::kDeliveries);

  EXPECT_THAT(ids, ElementsAre(7u, uint64_t{1} << 60));
  EXPECT_EQ(body_bytes, 2000u);
}

TEST(ReadDeliveries, FollowsAFrameThatCameInPieces) {
  v1::SubscribeResponse response;
  for (uint64_t id = 1; id <= 3; ++id) {
    v1::Delivery& delivery = *response.mutable_deliveries()->add_deliveries();
    delivery.set_delivery_id(id);
    delivery.set_body(std::string(5, 'x'));
  }
  const std::string bytes = response.SerializeAsString();
  std::vector<grpc::Slice> pieces;
  for (char c : bytes) pieces.emplace_back(&c, 1);
  std::vector<uint64_t> ids;
  uint64_t body_bytes = 0;

  EXPECT_EQ(ReadDeliveries(grpc::ByteBuffer(pieces.data(), pieces.size()), &ids,
                           &body_bytes),
            v1::SubscribeResponse::kDeliveries);

  EXPECT_THAT(ids, ElementsAre(1u, 2u, 3u));
  EXPECT_EQ(body_bytes, 15u);
}

TEST(ReadDeliveries, LeavesOtherEventsToTheCaller) {
  v1::SubscribeResponse response;
  response.mutable_closed();
  std::vector<uint64_t> ids;
  uint64_t body_bytes = 0;
  EXPECT_EQ(ReadDeliveries(Serialize(response), &ids, &body_bytes),
            v1::SubscribeResponse::kClosed);
  EXPECT_THAT(ids, IsEmpty());
}

TEST(ReadDeliveries, RefusesATruncatedFrame) {
  v1::SubscribeResponse response;
  response.mutable_deliveries()->add_deliveries()->set_body("body");
  const std::string bytes = response.SerializeAsString();
  grpc::Slice slice(bytes.data(), bytes.size() - 1);
  std::vector<uint64_t> ids;
  uint64_t body_bytes = 0;
  EXPECT_EQ(ReadDeliveries(grpc::ByteBuffer(&slice, 1), &ids, &body_bytes),
            v1::SubscribeResponse::EVENT_NOT_SET);
}

}  // namespace
}  // namespace sluice
