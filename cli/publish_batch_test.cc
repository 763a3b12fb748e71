// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publish_batch.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;

PublishBatch BatchOf(PublishBatch::Limits limits) {
  return PublishBatch("t", v1::DURABILITY_DISK, {{"k", "v"}},
                      absl::Milliseconds(1500), limits);
}

TEST(PublishBatch, HoldsSoManyMessages) {
  PublishBatch batch = BatchOf({2, 1000});
  batch.Add("a", 1);
  EXPECT_TRUE(batch.HasRoomFor(1));
  batch.Add("b", 2);
  EXPECT_FALSE(batch.HasRoomFor(0));
}

TEST(PublishBatch, HoldsSoManyBytes) {
  PublishBatch batch = BatchOf({10, 5});
  batch.Add("abc", 1);
  EXPECT_TRUE(batch.HasRoomFor(2));
  EXPECT_FALSE(batch.HasRoomFor(3));
}

TEST(PublishBatch, TakesALargeMessageAlone) {
  PublishBatch batch = BatchOf({10, 5});
  EXPECT_TRUE(batch.HasRoomFor(100));
  batch.Add("0123456789", 1);
  EXPECT_FALSE(batch.HasRoomFor(0));
}

TEST(PublishBatch, GivesEachMessageAttributesAndDelay) {
  PublishBatch batch = BatchOf({10, 5});
  batch.Add("a", 1);
  batch.Add("b", 4);
  EXPECT_THAT(batch.TakeRecords(), ElementsAre(1, 4));
  const v1::PublishRequest request = batch.TakeRequest();
  EXPECT_EQ(request.topic(), "t");
  EXPECT_EQ(request.durability(), v1::DURABILITY_DISK);
  ASSERT_EQ(request.messages_size(), 2);
  EXPECT_EQ(request.messages(1).body(), "b");
  EXPECT_EQ(request.messages(1).attributes().at("k"), "v");
  EXPECT_EQ(request.messages(1).delay().seconds(), 1);
  EXPECT_EQ(request.messages(1).delay().nanos(), 500000000);
}

TEST(PublishBatch, IsEmptyAgainAfterwards) {
  PublishBatch batch = BatchOf({1, 5});
  batch.Add("abcde", 1);
  batch.TakeRecords();
  batch.TakeRequest();
  EXPECT_TRUE(batch.empty());
  batch.Add("f", 2);
  EXPECT_EQ(batch.TakeRequest().messages_size(), 1);
}

}  // namespace
}  // namespace sluice
