// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publish_batch.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

PublishBatch BatchOf(PublishBatch::Limits limits) {
  return PublishBatch("t", PublishDurability::kDisk, {{"k", "v"}},
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
  const OutgoingBatch taken = batch.TakeBatch();
  EXPECT_EQ(taken.topic, "t");
  EXPECT_EQ(taken.durability, PublishDurability::kDisk);
  ASSERT_THAT(taken.messages, SizeIs(2));
  for (const OutgoingMessage& message : taken.messages) {
    EXPECT_THAT(message.attributes, ElementsAre(Pair("k", "v")));
    EXPECT_EQ(message.delay, absl::Milliseconds(1500));
  }
  EXPECT_EQ(taken.messages[0].body, "a");
  EXPECT_EQ(taken.messages[1].body, "b");
}

TEST(PublishBatch, IsEmptyAgainAfterwards) {
  PublishBatch batch = BatchOf({1, 5});
  batch.Add("abcde", 1);
  batch.TakeRecords();
  batch.TakeBatch();
  EXPECT_TRUE(batch.empty());
  batch.Add("f", 2);
  EXPECT_THAT(batch.TakeBatch().messages, SizeIs(1));
}

}  // namespace
}  // namespace sluice
