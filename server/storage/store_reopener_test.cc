// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/store_reopener.h"

#include <atomic>
#include <functional>
#include <memory>

#include "absl/synchronization/mutex.h"
#include "gtest/gtest.h"
#include "rocksdb/status.h"
#include "server/storage/store_health.h"

namespace sluice {
namespace {

// A disk and a store that do as they are told, and count.
class StoreReopenerTest : public testing::Test {
 protected:
  void MakeReopener() {
    reopener_ = std::make_unique<StoreReopener>(
        &health_,
        [this] {
          ++looks_;
          return has_room_.load();
        },
        [this] {
          absl::MutexLock lock(&mu_);
          ++attempts_;
          return next_result_;
        },
        nullptr);
  }
  void SetResult(const absl::Status& result) {
    absl::MutexLock lock(&mu_);
    next_result_ = result;
  }
  static bool WaitFor(const std::function<bool()>& condition) {
    absl::Mutex mu;
    absl::MutexLock lock(&mu);
    for (int i = 0; i < 2000 && !condition(); ++i) {
      const bool never = false;
      mu.AwaitWithTimeout(absl::Condition(&never), absl::Milliseconds(5));
    }
    return condition();
  }

  StoreHealth health_{nullptr};
  std::atomic<bool> has_room_{false};
  std::atomic<int> looks_{0};
  std::atomic<int> attempts_{0};
  absl::Mutex mu_;
  absl::Status next_result_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<StoreReopener> reopener_;
};

TEST_F(StoreReopenerTest, WaitsForRoomAndThenOpens) {
  MakeReopener();
  health_.Close(rocksdb::Status::NoSpace("full")).IgnoreError();
  ASSERT_TRUE(WaitFor([this] { return looks_ >= 2; }));
  EXPECT_EQ(attempts_, 0);
  EXPECT_FALSE(health_.status().ok());
  has_room_ = true;
  EXPECT_TRUE(WaitFor([this] { return health_.status().ok(); }));
  EXPECT_EQ(attempts_, 1);
}

TEST_F(StoreReopenerTest, DoesItAsOftenAsTheDiskIsFull) {
  MakeReopener();
  has_room_ = true;
  for (int i = 1; i <= 2; ++i) {
    health_.Close(rocksdb::Status::NoSpace("full")).IgnoreError();
    EXPECT_TRUE(WaitFor([this] { return health_.status().ok(); }));
    EXPECT_EQ(attempts_, i);
  }
}

TEST_F(StoreReopenerTest, TriesAgainWhenRoomDoesNotSuffice) {
  SetResult(absl::ResourceExhaustedError("still too little"));
  has_room_ = true;
  MakeReopener();
  health_.Close(rocksdb::Status::NoSpace("full")).IgnoreError();
  ASSERT_TRUE(WaitFor([this] { return attempts_ >= 2; }));
  EXPECT_FALSE(health_.status().ok());
  SetResult(absl::OkStatus());
  EXPECT_TRUE(WaitFor([this] { return health_.status().ok(); }));
}

TEST_F(StoreReopenerTest, GivesUpWhenTheDiskTurnsOutToBeBroken) {
  MakeReopener();
  health_.Close(rocksdb::Status::NoSpace("full")).IgnoreError();
  health_.Close(rocksdb::Status::IOError("broken")).IgnoreError();
  has_room_ = true;
  const int looked = looks_;
  EXPECT_TRUE(WaitFor([this] { return !health_.full(); }));
  reopener_.reset();
  EXPECT_LE(looks_, looked + 1);
  EXPECT_FALSE(health_.status().ok());
}

TEST_F(StoreReopenerTest, LeavesADamagedStoreAlone) {
  SetResult(absl::DataLossError("damaged"));
  has_room_ = true;
  MakeReopener();
  health_.Close(rocksdb::Status::NoSpace("full")).IgnoreError();
  ASSERT_TRUE(WaitFor([this] { return attempts_ == 1; }));
  reopener_.reset();
  EXPECT_EQ(attempts_, 1);
  EXPECT_FALSE(health_.status().ok());
}

TEST_F(StoreReopenerTest, EndsWhileItWaits) {
  MakeReopener();
  health_.Close(rocksdb::Status::NoSpace("full")).IgnoreError();
  ASSERT_TRUE(WaitFor([this] { return looks_ >= 1; }));
  reopener_.reset();
  EXPECT_FALSE(health_.status().ok());
}

}  // namespace
}  // namespace sluice
