// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/parked_record.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/fake_node.h"
#include "server/storage/keys.h"
#include "server/storage/memory_message_store.h"

namespace sluice {
namespace {

using testing::SizeIs;

TEST(ParkedRecord, IsTheMessageAloneWithItsPlace) {
  const auto copy =
      DecodeParked(EncodeParked(*CopyForParking(*MakeVariedBlock(), 1)));
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ((*copy)->message_count(), 1u);
  EXPECT_EQ((*copy)->first_sequence(), 11u);
  EXPECT_EQ((*copy)->body(0), "two");
  EXPECT_EQ((*copy)->due_unix_nano(0), 77);
  EXPECT_EQ((*copy)->publish_time_unix_nano(), 5'000'000'000);
  ASSERT_THAT((*copy)->attributes(0), SizeIs(1));
  EXPECT_EQ((*copy)->attributes(0)[0].value, "v");
}

TEST(ParkedRecord, RefusesOtherVersionsAndDamage) {
  std::string bytes = EncodeParked(*CopyForParking(*MakeVariedBlock(), 0));
  EXPECT_FALSE(DecodeParked("").ok());
  EXPECT_FALSE(DecodeParked(bytes.substr(0, bytes.size() - 1)).ok());
  bytes[0] = 2;
  EXPECT_FALSE(DecodeParked(bytes).ok());
}

TEST(ParkedRecord, IsReadBackByItsPlace) {
  MemoryMessageStore store;
  StoreBatch batch;
  batch.state.push_back({StateFamily::kParked, ParkedKey(3, 4, 11),
                         EncodeParked(*CopyForParking(*MakeVariedBlock(), 1))});
  store.Append(std::move(batch), [](absl::Status) {});
  const auto found = ReadParked(store, 3, 4, 11);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_NE(*found, nullptr);
  EXPECT_EQ((*found)->body(0), "two");
  EXPECT_EQ(*ReadParked(store, 3, 4, 12), nullptr);
  EXPECT_EQ(*ReadParked(store, 3, 5, 11), nullptr);
}

}  // namespace
}  // namespace sluice
