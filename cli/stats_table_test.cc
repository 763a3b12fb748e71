// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stats_table.h"

#include "base/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;

class StatsTableTest : public ::testing::Test {
 protected:
  StatsTableTest() {
    topic_ = topics_.Add();
    topic_->set_topic("orders");
    topic_->set_message_count(1000);
    channel_ = topic_->add_channels();
    channel_->set_channel("billing");
    channel_->set_depth(12345);
    channel_->set_message_count(1000);
    channel_->set_finish_count(400);
    channel_->set_paused(true);
    channel_->mutable_oldest_message_age()->set_seconds(192);
  }

  StatsTable::Topics topics_;
  v1::TopicStats* topic_;
  v1::ChannelStats* channel_;
  FakeClock clock_;
};

TEST_F(StatsTableTest, HasALineForEachTopicAndChannel) {
  StatsTable table(false, NumberStyle::kPlain);
  EXPECT_EQ(table.Next(topics_, clock_.SteadyNow()).Text(false),
            "TOPIC   CHANNEL  DEPTH  IN-FLIGHT  DEFERRED  MESSAGES  FINISHED  "
            "REQUEUED  TIMED-OUT  DEAD  CLIENTS   OLDEST  STATE\n"
            "orders  -            0          -         -      1000         -  "
            "       -          -     -        0        -  active\n"
            "orders  billing  12345          0         0      1000       400  "
            "       0          0     0        0  192.000  paused\n");
}

TEST_F(StatsTableTest, ShowsNumbersForPeople) {
  StatsTable table(false, NumberStyle::kHuman);
  const std::string text = table.Next(topics_, clock_.SteadyNow()).Text(false);
  EXPECT_THAT(text, HasSubstr("12 345"));
  EXPECT_THAT(text, HasSubstr("3m12s"));
}

TEST_F(StatsTableTest, HasRatesFromTheSecondTableOn) {
  StatsTable table(true, NumberStyle::kPlain);
  EXPECT_THAT(table.Next(topics_, clock_.SteadyNow()).Text(false),
              HasSubstr("   -      -  paused"));
  clock_.Advance(absl::Seconds(2));
  topic_->set_message_count(3000);
  channel_->set_message_count(3000);
  channel_->set_finish_count(1000);
  EXPECT_THAT(table.Next(topics_, clock_.SteadyNow()).Text(false),
              HasSubstr("1000    300  paused"));
}

TEST_F(StatsTableTest, HasNoRateWhenCountsBeganAnew) {
  StatsTable table(true, NumberStyle::kPlain);
  table.Next(topics_, clock_.SteadyNow());
  clock_.Advance(absl::Seconds(1));
  channel_->set_message_count(5);
  channel_->set_finish_count(500);
  EXPECT_THAT(table.Next(topics_, clock_.SteadyNow()).Text(false),
              HasSubstr("   -    100  paused"));
}

}  // namespace
}  // namespace sluice
