// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/store_health.h"

#include <memory>
#include <sstream>
#include <vector>

#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "spdlog/sinks/ostream_sink.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(StoreHealth, IsOkUntilClosed) {
  StoreHealth health(nullptr);
  EXPECT_TRUE(health.status().ok());
}

TEST(StoreHealth, KeepsTheFirstReason) {
  std::ostringstream text;
  StoreHealth health(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_st>(text)));
  const absl::Status closed =
      health.Close(rocksdb::Status::IOError("first failure"));
  EXPECT_EQ(closed.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorReason(closed), "STORE_UNAVAILABLE");
  EXPECT_EQ(health.Close(rocksdb::Status::IOError("second failure")), closed);
  EXPECT_EQ(health.status(), closed);
  EXPECT_THAT(text.str(), HasSubstr("first failure"));
  EXPECT_THAT(text.str(), Not(HasSubstr("second failure")));
}

TEST(StoreHealth, AFullDiskMayPass) {
  StoreHealth health(nullptr);
  health.Close(rocksdb::Status::NoSpace("no room")).IgnoreError();
  EXPECT_TRUE(health.full());
  EXPECT_EQ(ErrorReason(health.status()), "STORE_UNAVAILABLE");
  EXPECT_THAT(std::string(health.status().message()), HasSubstr("is full"));
  health.Reopened();
  EXPECT_TRUE(health.status().ok());
  EXPECT_FALSE(health.full());
}

TEST(StoreHealth, TellsOfEachFullDiskOnceAndOfNothingElse) {
  StoreHealth health(nullptr);
  int told = 0;
  health.WhenFull([&] { ++told; });
  health.Close(rocksdb::Status::NoSpace("no room")).IgnoreError();
  health.Close(rocksdb::Status::NoSpace("still none")).IgnoreError();
  EXPECT_EQ(told, 1);
  health.Reopened();
  health.Close(rocksdb::Status::NoSpace("again")).IgnoreError();
  EXPECT_EQ(told, 2);
  health.Close(rocksdb::Status::IOError("broken")).IgnoreError();
  EXPECT_EQ(told, 2);
}

TEST(StoreHealth, TellsEachTimeTheStoreClosesOrOpens) {
  std::vector<bool> seen;
  StoreHealth* asked = nullptr;
  StoreHealth health(nullptr, [&] { seen.push_back(asked->status().ok()); });
  asked = &health;
  health.Reopened();  // it was never closed
  health.Close(rocksdb::Status::NoSpace("no room")).IgnoreError();
  health.Close(rocksdb::Status::NoSpace("still none")).IgnoreError();
  health.Reopened();
  health.Close(rocksdb::Status::IOError("broken")).IgnoreError();
  EXPECT_THAT(seen, ElementsAre(false, true, false));
}

TEST(StoreHealth, TellsNobodyAfterItWasStopped) {
  StoreHealth health(nullptr);
  health.WhenFull([] { FAIL(); });
  health.StopWaiting();
  health.Close(rocksdb::Status::NoSpace("no room")).IgnoreError();
}

TEST(StoreHealth, AnythingWorseThanAFullDiskStays) {
  StoreHealth health(nullptr);
  health.Close(rocksdb::Status::NoSpace("no room")).IgnoreError();
  health.Close(rocksdb::Status::IOError("broken")).IgnoreError();
  health.Close(rocksdb::Status::NoSpace("no room")).IgnoreError();
  EXPECT_FALSE(health.full());
  health.Reopened();
  EXPECT_THAT(std::string(health.status().message()), HasSubstr("broken"));
}

TEST(StoreHealthListener, ClosesTheStoreWhenBackgroundWorkFails) {
  const auto health = std::make_shared<StoreHealth>(nullptr);
  StoreHealthListener listener(health);
  rocksdb::Status error = rocksdb::Status::NoSpace("disk full");
  listener.OnBackgroundError(rocksdb::BackgroundErrorReason::kFlush, &error);
  EXPECT_THAT(std::string(health->status().message()), HasSubstr("disk full"));
}

TEST(StoreHealthListener, VetoesRocksDbsOwnRecovery) {
  StoreHealthListener listener(std::make_shared<StoreHealth>(nullptr));
  bool auto_recovery = true;
  listener.OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason::kFlush,
                                rocksdb::Status::NoSpace(), &auto_recovery);
  EXPECT_FALSE(auto_recovery);
}

}  // namespace
}  // namespace sluice
