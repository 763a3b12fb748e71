// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/catalog_records.h"

#include <string>

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TopicRecord ATopic() {
  TopicRecord record;
  record.name = "orders.\"new\"";
  record.config.durability = Durability::kMemory;
  record.config.mem_queue_size = 5;
  record.config.retention = absl::Hours(36) + absl::Nanoseconds(7);
  record.create_time = absl::FromUnixNanos(1'700'000'000'123'456'789);
  record.paused = true;
  record.paused_at = 42;
  record.unclaimed_from = uint64_t{1} << 60;
  record.next_channel_id = 9;
  record.gaps.Add(3, 7);
  record.gaps.Add(10, 11);
  return record;
}

TEST(TopicRecord, IsReadAsItWasWritten) {
  const TopicRecord record = ATopic();
  const auto read = TopicRecord::Decode(record.Encode());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->name, record.name);
  EXPECT_EQ(read->config, record.config);
  EXPECT_EQ(read->create_time, record.create_time);
  EXPECT_TRUE(read->paused);
  EXPECT_EQ(read->paused_at, 42u);
  EXPECT_EQ(read->unclaimed_from, uint64_t{1} << 60);
  EXPECT_EQ(read->next_channel_id, 9u);
  EXPECT_EQ(read->gaps.ranges(), record.gaps.ranges());
}

TEST(TopicRecord, AnUnsetQueueSizeStaysUnset) {
  TopicRecord record = ATopic();
  record.config.mem_queue_size.reset();
  const auto read = TopicRecord::Decode(record.Encode());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_FALSE(read->config.mem_queue_size.has_value());
}

TEST(TopicRecord, RefusesEveryTruncatedRecord) {
  const std::string bytes = ATopic().Encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(ErrorReason(TopicRecord::Decode(bytes.substr(0, size)).status()),
              "CORRUPTION")
        << size;
  }
}

TEST(TopicRecord, RefusesWhatIsJsonButNoTopic) {
  for (const char* bytes : {"null", "[]", "{}", "{\"name\":7}", "\"x\""}) {
    EXPECT_EQ(ErrorReason(TopicRecord::Decode(bytes).status()), "CORRUPTION")
        << bytes;
  }
}

TEST(TopicRecord, ARecordWithoutRetentionKeepsNothing) {
  TopicRecord record = ATopic();
  record.config.retention = absl::ZeroDuration();
  const std::string bytes = record.Encode();
  EXPECT_EQ(bytes.find("retention"), std::string::npos);
  const auto read = TopicRecord::Decode(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->config.retention, absl::ZeroDuration());
}

TEST(TopicRecord, RefusesARetentionThatIsNoDuration) {
  std::string bytes = ATopic().Encode();
  bytes.replace(bytes.find("36h"), 3, "3xh");
  EXPECT_EQ(ErrorReason(TopicRecord::Decode(bytes).status()), "CORRUPTION");
}

TEST(ChannelRecord, IsReadWithoutAConfigToo) {
  const auto read = ChannelRecord::Decode(
      R"({"name":"c","create_time_unix_nano":5,"paused":false})");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->config, ChannelConfig());
}

TEST(ChannelRecord, IsReadAsItWasWritten) {
  const ChannelRecord record{
      "archive", {3, "failed"}, absl::FromUnixSeconds(77), true};
  const auto read = ChannelRecord::Decode(record.Encode());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->name, "archive");
  EXPECT_EQ(read->config, record.config);
  EXPECT_EQ(read->create_time, absl::FromUnixSeconds(77));
  EXPECT_TRUE(read->paused);
  EXPECT_EQ(ErrorReason(ChannelRecord::Decode("{").status()), "CORRUPTION");
}

TEST(LogMark, IsReadAsItWasWritten) {
  LogMark mark;
  mark.first = 5;
  mark.first_offset = 500;
  mark.reserved_until = UINT64_MAX - 1;
  mark.end_offset = 900;
  mark.held_memory = true;
  mark.clean = true;
  const auto read = LogMark::Decode(mark.Encode());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->first, 5u);
  EXPECT_EQ(read->first_offset, 500u);
  EXPECT_EQ(read->reserved_until, UINT64_MAX - 1);
  EXPECT_EQ(read->end_offset, 900u);
  EXPECT_TRUE(read->held_memory);
  EXPECT_TRUE(read->clean);
  EXPECT_EQ(ErrorReason(LogMark::Decode("").status()), "CORRUPTION");
}

}  // namespace
}  // namespace sluice
