// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/dedup_record.h"

#include <string>

#include "absl/strings/escaping.h"
#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

DedupRecord ARecord() {
  DedupRecord record;
  record.request_id = std::string("order\0x", 7);
  record.message_count = 3;
  record.durability = Durability::kDisk;
  record.time = absl::FromUnixNanos(1'700'000'000'123'456'789);
  return record;
}

TEST(DedupRecord, IsWrittenAsDocumented) {
  DedupRecord record = ARecord();
  record.request_id = "order7";
  EXPECT_EQ(absl::BytesToHexString(record.Encode()),
            "01030300000015cd853dfe9c97176f7264657237");
}

TEST(DedupRecord, IsReadAsItWasWritten) {
  const DedupRecord record = ARecord();
  const auto read = DedupRecord::Decode(record.Encode());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->request_id, record.request_id);
  EXPECT_EQ(read->message_count, 3u);
  EXPECT_EQ(read->durability, Durability::kDisk);
  EXPECT_EQ(read->time, record.time);
}

TEST(DedupRecord, RefusesWhatItDoesNotWrite) {
  const std::string bytes = ARecord().Encode();
  for (size_t size = 0; size <= 14; ++size) {
    EXPECT_EQ(ErrorReason(DedupRecord::Decode(bytes.substr(0, size)).status()),
              "CORRUPTION")
        << size;
  }
  for (const size_t at : {0u, 1u}) {
    std::string wrong = bytes;
    wrong[at] = 9;
    EXPECT_FALSE(DedupRecord::Decode(wrong).ok()) << at;
  }
  std::string no_messages = bytes;
  no_messages[2] = 0;
  EXPECT_FALSE(DedupRecord::Decode(no_messages).ok());
}

}  // namespace
}  // namespace sluice
