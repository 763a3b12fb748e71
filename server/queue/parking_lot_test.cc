// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/parking_lot.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/fake_node.h"
#include "server/queue/parked_record.h"
#include "server/storage/keys.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TopicId kTopic = 3;
constexpr ChannelId kChannel = 4;

class ParkingLotTest : public testing::Test {
 protected:
  void Bring(const std::vector<Sequence>& sequences) {
    lot_.Begin(sequences);
    std::vector<RecordBlockPtr> copies;
    for (const Sequence sequence : sequences) {
      copies.push_back(CopyForParking(*MakeVariedBlock(),
                                      static_cast<uint32_t>(sequence - 10)));
    }
    lot_.Arrive(copies);
  }
  std::vector<StateWrite> Save() {
    std::vector<StateWrite> writes;
    lot_.Save(&writes);
    return writes;
  }
  bool IsSaved(Sequence sequence) {
    uint32_t bytes = 0;
    return lot_.IsSaved(sequence, &bytes) && bytes > 0;
  }

  ParkingLot lot_{kTopic, kChannel};
};

TEST_F(ParkingLotTest, AMessageIsParkedOnceItsCopyIsOnDisk) {
  EXPECT_TRUE(lot_.idle());
  Bring({10, 11});
  EXPECT_TRUE(lot_.has_unsaved());
  EXPECT_FALSE(IsSaved(10));
  const auto writes = Save();
  ASSERT_THAT(writes, SizeIs(2));
  EXPECT_EQ(writes[0].family, StateFamily::kParked);
  EXPECT_EQ(writes[0].key, ParkedKey(kTopic, kChannel, 10));
  EXPECT_TRUE(IsSaved(10)) << "the record that goes with it says so";
  EXPECT_FALSE(lot_.Holds(10));
  EXPECT_THAT(lot_.Saved(), ElementsAre(10, 11));
  EXPECT_TRUE(lot_.Holds(10));
  EXPECT_GT(lot_.bytes(), 2 * 64u);
  EXPECT_THAT(Save(), IsEmpty());
}

TEST_F(ParkingLotTest, WhatIsFinishedOnItsWayIsNotWritten) {
  lot_.Begin({10, 11, 12});
  EXPECT_TRUE(lot_.reading());
  lot_.Finish(10);
  lot_.Arrive({CopyForParking(*MakeVariedBlock(), 0),
               CopyForParking(*MakeVariedBlock(), 1)});
  EXPECT_FALSE(lot_.reading());
  EXPECT_FALSE(lot_.Knows(12)) << "its body did not come";
  lot_.Finish(11);
  EXPECT_THAT(Save(), IsEmpty());
  EXPECT_TRUE(lot_.idle());
}

TEST_F(ParkingLotTest, WhatIsFinishedWhileItIsWrittenIsErasedNext) {
  Bring({10});
  Save();
  lot_.Finish(10);
  EXPECT_THAT(lot_.Saved(), IsEmpty());
  const auto writes = Save();
  ASSERT_THAT(writes, SizeIs(1));
  EXPECT_FALSE(writes[0].value.has_value());
  EXPECT_EQ(writes[0].key, ParkedKey(kTopic, kChannel, 10));
}

TEST_F(ParkingLotTest, AFinishedMessageIsErasedWithTheNextSave) {
  lot_.Restore(7, 100);
  EXPECT_EQ(lot_.bytes(), 100u);
  EXPECT_EQ(lot_.newest(), 7u);
  lot_.Finish(7);
  EXPECT_EQ(lot_.bytes(), 0u);
  EXPECT_THAT(Save(), SizeIs(1));
  lot_.Saved();
  EXPECT_THAT(Save(), IsEmpty());
}

TEST_F(ParkingLotTest, AfterAFailedSaveEverythingGoesAgain) {
  lot_.Restore(7, 100);
  lot_.Finish(7);
  Bring({10});
  EXPECT_THAT(Save(), SizeIs(2));
  lot_.NotSaved();
  EXPECT_FALSE(IsSaved(10));
  EXPECT_THAT(Save(), SizeIs(2));
  EXPECT_THAT(lot_.Saved(), ElementsAre(10));
}

TEST_F(ParkingLotTest, ClearingErasesByPrefix) {
  lot_.Restore(7, 100);
  Bring({10});
  lot_.Clear();
  EXPECT_TRUE(lot_.idle());
  const auto writes = Save();
  ASSERT_THAT(writes, SizeIs(1));
  EXPECT_EQ(writes[0].erase_to, ParkedKeyEnd(kTopic, kChannel));
  EXPECT_EQ(writes[0].key, ParkedKeyPrefix(kTopic, kChannel));
  lot_.Saved();
  lot_.Clear();
  EXPECT_THAT(Save(), IsEmpty()) << "there is nothing to erase";
}

}  // namespace
}  // namespace sluice
