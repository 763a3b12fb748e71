// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/delivery_frame.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

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

TEST(DeliveryFrame, NumbersMessagesAndDeliveriesOfARun) {
  TakenMessages taken;
  taken.Refill()->push_back({Block(10, {"a", "b", "c"}), 1, 2, 70, 3});
  v1::Deliveries frame;
  taken.FillFrame(&frame);
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

TEST(DeliveryFrame, GoesOnInTheNextFrameWhenOneIsFull) {
  TakenMessages taken;
  std::vector<DeliveryRun>* const runs = taken.Refill();
  runs->push_back({Block(1, {"aaaa", "bbbb", "cccc"}), 0, 3, 1, 1});
  runs->push_back({Block(4, {"dddd"}), 0, 1, 9, 1});
  std::vector<int> sizes;
  std::string bodies;
  v1::Deliveries frame;
  while (!taken.empty()) {
    taken.FillFrame(&frame, 8);
    sizes.push_back(frame.deliveries_size());
    for (const auto& delivery : frame.deliveries()) bodies += delivery.body();
    ReleaseFrame(&frame);
  }
  EXPECT_EQ(sizes, (std::vector<int>{2, 2}));
  EXPECT_EQ(bodies, "aaaabbbbccccdddd");
}

TEST(DeliveryFrame, AMessageAboveTheBoundGoesAlone) {
  TakenMessages taken;
  taken.Refill()->push_back(
      {Block(1, {std::string(100, 'x'), "b"}), 0, 2, 1, 1});
  v1::Deliveries frame;
  taken.FillFrame(&frame, 8);
  EXPECT_EQ(frame.deliveries_size(), 1);
  EXPECT_FALSE(taken.empty());
}

TEST(DeliveryFrame, AttributesDoNotOutliveTheirMessage) {
  TakenMessages taken;
  v1::Deliveries frame;
  taken.Refill()->push_back({Block(1, {"a"}, true), 0, 1, 1, 1});
  taken.FillFrame(&frame);
  EXPECT_EQ(frame.deliveries(0).attributes().at("key"), "a");
  ReleaseFrame(&frame);
  taken.Refill()->push_back({Block(2, {"b"}), 0, 1, 2, 1});
  taken.FillFrame(&frame);
  ASSERT_EQ(frame.deliveries_size(), 1);
  EXPECT_TRUE(frame.deliveries(0).attributes().empty());
  EXPECT_EQ(frame.deliveries(0).body(), "b");
}

}  // namespace
}  // namespace sluice
