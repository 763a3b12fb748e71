// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/delivery_frame.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {
namespace {

RecordBlockPtr Block(Sequence first, const std::vector<std::string>& bodies,
                     bool with_attributes = false) {
  size_t bytes = 0;
  for (const std::string& body : bodies) bytes += body.size();
  RecordBlockBuilder builder(static_cast<uint32_t>(bodies.size()), bytes,
                             with_attributes);
  for (const std::string& body : bodies) {
    if (with_attributes) {
      builder.Add(body, {{"key", body}});
    } else {
      builder.Add(body);
    }
  }
  std::unique_ptr<RecordBlock> block =
      std::move(builder).Build(absl::FromUnixNanos(5));
  block->Seal(first, 0);
  return RecordBlockPtr(std::move(block));
}

v1::Deliveries Parse(const grpc::ByteBuffer& frame) {
  grpc::Slice bytes;
  EXPECT_TRUE(frame.DumpToSingleSlice(&bytes).ok());
  v1::SubscribeResponse response;
  EXPECT_TRUE(
      response.ParseFromArray(bytes.begin(), static_cast<int>(bytes.size())));
  EXPECT_TRUE(response.has_deliveries());
  // It is what the generated code would have written.
  EXPECT_EQ(response.ByteSizeLong(), bytes.size());
  return response.deliveries();
}

TEST(DeliveryFrame, NumbersMessagesAndDeliveriesOfARun) {
  TakenMessages taken;
  taken.Refill()->push_back({Block(10, {"a", "b", "c"}), 1, 2, 70, 3});
  const v1::Deliveries frame = Parse(taken.NextFrame());
  EXPECT_TRUE(taken.empty());
  ASSERT_EQ(frame.deliveries_size(), 2);
  EXPECT_EQ(frame.deliveries(0).message_id(), 11u);
  EXPECT_EQ(frame.deliveries(0).delivery_id(), 70u);
  EXPECT_EQ(frame.deliveries(0).body(), "b");
  EXPECT_EQ(frame.deliveries(0).attempts(), 3u);
  EXPECT_EQ(frame.deliveries(0).publish_time_unix_nano(), 5u);
  EXPECT_EQ(frame.deliveries(1).message_id(), 12u);
  EXPECT_EQ(frame.deliveries(1).delivery_id(), 71u);
}

TEST(DeliveryFrame, HoldsLargeNumbersAndBodies) {
  TakenMessages taken;
  const Sequence first = UINT64_MAX - 10;
  const std::string body(100'000, 'x');
  taken.Refill()->push_back(
      {Block(first, {body}), 0, 1, UINT64_MAX, UINT32_MAX});
  const v1::Deliveries frame = Parse(taken.NextFrame());
  ASSERT_EQ(frame.deliveries_size(), 1);
  EXPECT_EQ(frame.deliveries(0).message_id(), first);
  EXPECT_EQ(frame.deliveries(0).delivery_id(), UINT64_MAX);
  EXPECT_EQ(frame.deliveries(0).attempts(), UINT32_MAX);
  EXPECT_EQ(frame.deliveries(0).body(), body);
}

TEST(DeliveryFrame, HoldsAMessageWithoutABody) {
  TakenMessages taken;
  taken.Refill()->push_back({Block(1, {"", "b"}), 0, 2, 1, 1});
  grpc::Slice bytes;
  ASSERT_TRUE(taken.NextFrame().DumpToSingleSlice(&bytes).ok());
  v1::SubscribeResponse response;
  ASSERT_TRUE(
      response.ParseFromArray(bytes.begin(), static_cast<int>(bytes.size())));
  ASSERT_EQ(response.deliveries().deliveries_size(), 2);
  EXPECT_EQ(response.deliveries().deliveries(0).body(), "");
  EXPECT_EQ(response.deliveries().deliveries(1).body(), "b");
}

TEST(DeliveryFrame, GoesOnInTheNextFrameWhenOneIsFull) {
  TakenMessages taken;
  std::vector<DeliveryRun>* const runs = taken.Refill();
  runs->push_back({Block(1, {"aaaa", "bbbb", "cccc"}), 0, 3, 1, 1});
  runs->push_back({Block(4, {"dddd"}), 0, 1, 9, 1});
  std::vector<int> sizes;
  std::string bodies;
  while (!taken.empty()) {
    const v1::Deliveries frame = Parse(taken.NextFrame(8));
    sizes.push_back(frame.deliveries_size());
    for (const auto& delivery : frame.deliveries()) bodies += delivery.body();
  }
  EXPECT_EQ(sizes, (std::vector<int>{2, 2}));
  EXPECT_EQ(bodies, "aaaabbbbccccdddd");
}

TEST(DeliveryFrame, AMessageAboveTheBoundGoesAlone) {
  TakenMessages taken;
  taken.Refill()->push_back(
      {Block(1, {std::string(100, 'x'), "b"}), 0, 2, 1, 1});
  EXPECT_EQ(Parse(taken.NextFrame(8)).deliveries_size(), 1);
  EXPECT_FALSE(taken.empty());
}

TEST(DeliveryFrame, CarriesAttributes) {
  TakenMessages taken;
  const std::string value(200, 'v');
  taken.Refill()->push_back({Block(1, {"a", value}, true), 0, 2, 1, 1});
  const v1::Deliveries frame = Parse(taken.NextFrame());
  ASSERT_EQ(frame.deliveries_size(), 2);
  EXPECT_EQ(frame.deliveries(0).attributes().at("key"), "a");
  EXPECT_EQ(frame.deliveries(1).attributes().at("key"), value);
  EXPECT_EQ(frame.deliveries(1).body(), value);
}

}  // namespace
}  // namespace sluice
