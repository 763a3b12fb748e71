// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stats_sum.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

// A node with one topic and one channel.
v1::GetStatsResponse Node(const std::string& topic, const std::string& channel,
                          uint64_t count, bool paused) {
  v1::GetStatsResponse node;
  v1::TopicStats* stats = node.add_topics();
  stats->set_topic(topic);
  stats->set_message_count(count);
  stats->set_paused(paused);
  stats->set_durability(v1::DURABILITY_DISK);
  v1::ChannelStats* of_channel = stats->add_channels();
  of_channel->set_channel(channel);
  of_channel->set_depth(count);
  of_channel->set_paused(paused);
  of_channel->mutable_oldest_message_age()->set_seconds(
      static_cast<int64_t>(count));
  return node;
}

TEST(StatsSum, AddsUpTopicsAndChannelsOfOneName) {
  const v1::GetStatsResponse a = Node("t", "c", 2, true);
  const v1::GetStatsResponse b = Node("t", "c", 5, false);
  const auto sums = SumOf({&a, &b});
  ASSERT_EQ(sums.size(), 1);
  EXPECT_EQ(sums[0].message_count(), 7u);
  ASSERT_EQ(sums[0].channels_size(), 1);
  EXPECT_EQ(sums[0].channels(0).depth(), 7u);
  EXPECT_EQ(sums[0].channels(0).oldest_message_age().seconds(), 5);
}

TEST(StatsSum, IsPausedOnlyWhereEveryNodeIs) {
  const v1::GetStatsResponse a = Node("t", "c", 1, true);
  const v1::GetStatsResponse b = Node("t", "c", 1, false);
  EXPECT_FALSE(SumOf({&a, &b})[0].paused());
  EXPECT_FALSE(SumOf({&a, &b})[0].channels(0).paused());
  EXPECT_TRUE(SumOf({&a, &a})[0].paused());
  EXPECT_TRUE(SumOf({&a, &a})[0].channels(0).paused());
}

TEST(StatsSum, KeepsWhatOnlyOneNodeHasInOrder) {
  const v1::GetStatsResponse a = Node("z", "c", 1, false);
  const v1::GetStatsResponse b = Node("a", "d", 2, false);
  const auto sums = SumOf({&a, &b});
  ASSERT_EQ(sums.size(), 2);
  EXPECT_EQ(sums[0].topic(), "a");
  EXPECT_EQ(sums[1].topic(), "z");
  EXPECT_EQ(sums[1].durability(), v1::DURABILITY_DISK);
}

TEST(StatsSum, IsEmptyWithoutNodes) { EXPECT_TRUE(SumOf({}).empty()); }

}  // namespace
}  // namespace sluice
