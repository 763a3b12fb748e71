// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/shelf_record.h"

#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/storage/keys.h"
#include "server/storage/memory_message_store.h"

namespace sluice {
namespace {

void Write(MemoryMessageStore& store, std::string record) {
  StoreBatch batch;
  batch.state.push_back(
      {StateFamily::kParked, ShelfKey(3, 4, 5), std::move(record)});
  store.Append(std::move(batch), [](absl::Status) {});
}

TEST(ShelfRecord, IsReadBackByItsKey) {
  MemoryMessageStore store;
  CursorState record;
  record.cursor = 8;
  record.unfinished = {{7, 1, 500, 10}};
  Write(store, record.Encode());
  const auto found = ReadShelf(store, ShelfKey(3, 4, 5));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(found->unfinished, testing::ElementsAreArray(record.unfinished));
}

TEST(ShelfRecord, SaysWhenItIsNotThereOrDamaged) {
  MemoryMessageStore store;
  EXPECT_TRUE(absl::IsNotFound(ReadShelf(store, ShelfKey(3, 4, 5)).status()));
  Write(store, "x");
  EXPECT_TRUE(absl::IsDataLoss(ReadShelf(store, ShelfKey(3, 4, 5)).status()));
}

}  // namespace
}  // namespace sluice
