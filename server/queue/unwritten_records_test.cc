// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/unwritten_records.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::SizeIs;

std::vector<StateWrite> Records(const std::string& key,
                                const std::string& value) {
  return {{StateFamily::kMeta, key, value}};
}

TEST(UnwrittenRecords, GoWithTheNextBatchAndWantAnFsync) {
  UnwrittenRecords unwritten;
  auto records = Records("k", "v");
  unwritten.Keep(&records);
  StoreBatch batch;
  unwritten.AddTo(&batch);
  ASSERT_THAT(batch.state, SizeIs(1));
  EXPECT_EQ(batch.state[0].key, "k");
  EXPECT_TRUE(batch.sync);
}

TEST(UnwrittenRecords, TheLatestOfAKeyCounts) {
  UnwrittenRecords unwritten;
  for (const char* value : {"old", "new"}) {
    auto records = Records("k", value);
    unwritten.Keep(&records);
  }
  StoreBatch batch;
  unwritten.AddTo(&batch);
  ASSERT_THAT(batch.state, SizeIs(1));
  EXPECT_EQ(batch.state[0].value, "new");
}

TEST(UnwrittenRecords, StayUntilTheyAreWritten) {
  UnwrittenRecords unwritten;
  auto records = Records("k", "v");
  unwritten.Keep(&records);
  StoreBatch failed;
  unwritten.AddTo(&failed);
  EXPECT_FALSE(unwritten.empty());
  unwritten.Clear();
  EXPECT_TRUE(unwritten.empty());
  StoreBatch batch;
  unwritten.AddTo(&batch);
  EXPECT_THAT(batch.state, SizeIs(0));
  EXPECT_FALSE(batch.sync);
}

TEST(UnwrittenRecords, BlocksThatMayBeLeftGoToo) {
  UnwrittenRecords unwritten;
  unwritten.Remove({7, 3});
  EXPECT_FALSE(unwritten.empty());
  StoreBatch batch;
  unwritten.AddTo(&batch);
  ASSERT_THAT(batch.removed, SizeIs(1));
  EXPECT_EQ(batch.removed[0].topic, 7u);
  EXPECT_EQ(batch.removed[0].first_sequence, 3u);
  EXPECT_TRUE(batch.sync);
  unwritten.Clear();
  EXPECT_TRUE(unwritten.empty());
}

TEST(UnwrittenRecords, WhatARangeErasesDoesNotComeBack) {
  UnwrittenRecords unwritten;
  for (const char* key : {"a", "b1", "b2", "c"}) {
    auto records = Records(key, "v");
    unwritten.Keep(&records);
  }
  std::vector<StateWrite> erase = {
      {StateFamily::kMeta, "b", absl::nullopt, "c"}};
  unwritten.Keep(&erase);
  EXPECT_TRUE(unwritten.Holds(StateFamily::kMeta, "a"));
  EXPECT_FALSE(unwritten.Holds(StateFamily::kMeta, "b1"));
  EXPECT_FALSE(unwritten.Holds(StateFamily::kMeta, "b2"));
  EXPECT_TRUE(unwritten.Holds(StateFamily::kMeta, "c"));
  StoreBatch batch;
  unwritten.AddTo(&batch);
  EXPECT_THAT(batch.state, SizeIs(3));
}

}  // namespace
}  // namespace sluice
