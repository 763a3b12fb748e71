// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/shelves.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/storage/keys.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ShelvesTest : public testing::Test {
 protected:
  void Put(int64_t due) { shelves_.Put({{++last_, 0, due, 10}}); }
  std::vector<StateWrite> Save() {
    std::vector<StateWrite> writes;
    shelves_.Save(&writes);
    return writes;
  }

  Shelves shelves_{3, 4};
  Sequence last_ = 0;
};

TEST_F(ShelvesTest, AShelfIsWrittenOnce) {
  shelves_.Put({{7, 1, 500, 10}, {9, 0, 400, 20}});
  EXPECT_EQ(shelves_.message_count(), 2u);
  EXPECT_THAT(shelves_.List(), ElementsAre(CursorState::Shelf{1, 2, 400, 30}));
  const auto writes = Save();
  ASSERT_THAT(writes, SizeIs(1));
  EXPECT_EQ(writes[0].key, ShelfKey(3, 4, 1));
  const auto record = CursorState::Decode(*writes[0].value);
  ASSERT_TRUE(record.ok());
  EXPECT_THAT(record->unfinished,
              ElementsAre(CursorState::Unfinished{7, 1, 500, 10},
                          CursorState::Unfinished{9, 0, 400, 20}));
  shelves_.Saved();
  EXPECT_THAT(Save(), IsEmpty());
}

TEST_F(ShelvesTest, OneThatWasPerhapsNotWrittenIsWrittenAgain) {
  Put(5);
  Save();
  shelves_.NotSaved();
  EXPECT_THAT(Save(), SizeIs(1));
}

TEST_F(ShelvesTest, TheEarliestIsTakenDownFirstAndOneAtATime) {
  Put(5);
  Put(3);
  EXPECT_EQ(shelves_.NextDue(), 3);
  const auto reading = shelves_.Begin();
  EXPECT_EQ(reading.id, 2u);
  EXPECT_TRUE(reading.record.has_value()) << "it is on no disk";
  EXPECT_EQ(shelves_.NextDue(), INT64_MAX);
  EXPECT_TRUE(shelves_.End(reading.id));
  EXPECT_EQ(shelves_.NextDue(), 5);
  EXPECT_EQ(shelves_.message_count(), 1u);
}

TEST_F(ShelvesTest, OneThatIsTakenDownIsErasedWithTheNextRecord) {
  Put(5);
  Save();
  shelves_.Saved();
  const auto reading = shelves_.Begin();
  EXPECT_EQ(reading.key, ShelfKey(3, 4, 1));
  EXPECT_FALSE(reading.record.has_value());
  EXPECT_THAT(Save(), IsEmpty()) << "it is still there";
  shelves_.End(reading.id);
  for (int i = 0; i < 2; ++i) {
    const auto writes = Save();
    ASSERT_THAT(writes, SizeIs(1));
    EXPECT_FALSE(writes[0].value.has_value());
    shelves_.NotSaved();
  }
  Save();
  shelves_.Saved();
  EXPECT_THAT(Save(), IsEmpty());
}

TEST_F(ShelvesTest, OneThatIsTakenDownWhileItIsWrittenIsErasedAfterwards) {
  Put(5);
  Save();
  const auto reading = shelves_.Begin();
  EXPECT_TRUE(reading.record.has_value());
  shelves_.End(reading.id);
  shelves_.Saved();
  const auto writes = Save();
  ASSERT_THAT(writes, SizeIs(1));
  EXPECT_FALSE(writes[0].value.has_value());
}

TEST_F(ShelvesTest, OneThatWasNeverWrittenNeedsNoErasure) {
  Put(5);
  shelves_.End(shelves_.Begin().id);
  EXPECT_THAT(Save(), IsEmpty());
}

TEST_F(ShelvesTest, AnAbandonedOneStays) {
  Put(5);
  shelves_.Begin();
  shelves_.Abandon();
  EXPECT_EQ(shelves_.NextDue(), 5);
}

TEST_F(ShelvesTest, WhatIsReadAfterAClearIsNobodys) {
  Put(5);
  const auto reading = shelves_.Begin();
  shelves_.Clear();
  EXPECT_FALSE(shelves_.End(reading.id));
  EXPECT_THAT(shelves_.List(), IsEmpty());
  EXPECT_THAT(Save(), IsEmpty());
  Put(6);
  EXPECT_EQ(shelves_.List()[0].id, 2u) << "no id is used twice";
}

TEST_F(ShelvesTest, ARestartGoesOnWithTheirIds) {
  shelves_.Restore({{7, 100, 50, 1000}});
  EXPECT_EQ(shelves_.message_count(), 100u);
  EXPECT_EQ(shelves_.NextDue(), 50);
  Put(60);
  EXPECT_EQ(shelves_.List()[1].id, 8u);
}

}  // namespace
}  // namespace sluice
