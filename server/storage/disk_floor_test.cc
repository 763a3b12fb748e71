// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/disk_floor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/fake_clock.h"

namespace sluice {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr absl::Duration kSampleInterval = absl::Milliseconds(100);

// A disk whose free space the test decides, and counts how often it is asked.
class DiskFloorTest : public ::testing::Test {
 protected:
  DiskFloor MakeFloor(uint64_t floor_bytes) {
    return DiskFloor("/data", floor_bytes, clock_,
                     [this](const std::string&) -> absl::StatusOr<uint64_t> {
                       ++samples_;
                       return free_;
                     });
  }

  FakeClock clock_;
  absl::StatusOr<uint64_t> free_ = 1000 * kMiB;
  int samples_ = 0;
};

TEST_F(DiskFloorTest, AdmitsWhileThereIsRoom) {
  DiskFloor floor = MakeFloor(512 * kMiB);
  EXPECT_TRUE(floor.Admit().ok());
  free_ = 512 * kMiB;
  clock_.Advance(kSampleInterval);
  EXPECT_TRUE(floor.Admit().ok());
}

TEST_F(DiskFloorTest, RefusesFromTheStartOnAFullDisk) {
  free_ = 3 * kMiB;
  DiskFloor floor = MakeFloor(512 * kMiB);
  EXPECT_FALSE(floor.Admit().ok());
}

TEST_F(DiskFloorTest, SaysWhatIsWrongAndWhatToDo) {
  free_ = 3 * kMiB;
  DiskFloor floor = MakeFloor(512 * kMiB);
  const absl::Status status = floor.Admit();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ErrorReason(status), "DISK_FLOOR");
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("/data"), HasSubstr("3 MiB free"),
                    HasSubstr("below 512 MiB"), HasSubstr("--disk-floor")));
}

TEST_F(DiskFloorTest, LooksAtTheDiskAtMostOnceInAnInterval) {
  DiskFloor floor = MakeFloor(512 * kMiB);
  EXPECT_EQ(samples_, 1);
  free_ = 0;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(floor.Admit().ok());
  EXPECT_EQ(samples_, 1);
  clock_.Advance(kSampleInterval);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(floor.Admit().ok());
  EXPECT_EQ(samples_, 2);
}

TEST_F(DiskFloorTest, AdmitsAgainOnlyALittleAboveTheFloor) {
  free_ = 159 * kMiB;
  DiskFloor floor = MakeFloor(160 * kMiB);
  free_ = 169 * kMiB;
  clock_.Advance(kSampleInterval);
  EXPECT_FALSE(floor.Admit().ok());
  free_ = 170 * kMiB;
  clock_.Advance(kSampleInterval);
  EXPECT_TRUE(floor.Admit().ok());
}

TEST_F(DiskFloorTest, TheStoreMayBeOpenedBeforePublishesAreTaken) {
  free_ = 0;
  DiskFloor floor = MakeFloor(160 * kMiB);
  EXPECT_FALSE(floor.HasRoomToOpen());
  free_ = 39 * kMiB;
  clock_.Advance(kSampleInterval);
  EXPECT_FALSE(floor.HasRoomToOpen());
  free_ = 40 * kMiB;
  clock_.Advance(kSampleInterval);
  EXPECT_TRUE(floor.HasRoomToOpen());
  EXPECT_FALSE(floor.Admit().ok());
}

TEST_F(DiskFloorTest, OpeningNeedsNoMoreOfALargeFloor) {
  free_ = 64 * kMiB;
  EXPECT_TRUE(MakeFloor(10'000 * kMiB).HasRoomToOpen());
  free_ = 63 * kMiB;
  EXPECT_FALSE(MakeFloor(10'000 * kMiB).HasRoomToOpen());
}

TEST_F(DiskFloorTest, ADiskThatNeverAnswersKeepsNothingClosed) {
  free_ = absl::UnavailableError("no");
  DiskFloor floor = MakeFloor(512 * kMiB);
  EXPECT_TRUE(floor.HasRoomToOpen());
  EXPECT_TRUE(floor.Admit().ok());
}

TEST_F(DiskFloorTest, TheLastAnswerStandsWhileTheFileSystemIsSilent) {
  free_ = 0;
  DiskFloor floor = MakeFloor(512 * kMiB);
  free_ = absl::UnavailableError("no");
  clock_.Advance(kSampleInterval);
  EXPECT_FALSE(floor.Admit().ok());
}

TEST_F(DiskFloorTest, NoFloorNeverRefusesNorLooks) {
  free_ = 0;
  DiskFloor floor = MakeFloor(0);
  clock_.Advance(kSampleInterval);
  EXPECT_TRUE(floor.Admit().ok());
  EXPECT_TRUE(floor.HasRoomToOpen());
  EXPECT_EQ(samples_, 0);
}

TEST(DiskFloor, AsksTheRealFileSystem) {
  const auto free = DiskFloor::AskFileSystem(::testing::TempDir());
  ASSERT_TRUE(free.ok()) << free.status();
  EXPECT_GT(*free, 0u);
  EXPECT_FALSE(DiskFloor::AskFileSystem("/does/not/exist").ok());
}

}  // namespace
}  // namespace sluice
