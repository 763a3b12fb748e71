// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// The doors for tests; message_store_test.cc has the rest.
#include "server/storage/memory_message_store.h"

#include <utility>

#include "base/error.h"
#include "gtest/gtest.h"
#include "server/storage/test_blocks.h"

namespace sluice {
namespace {

using Crash = MemoryMessageStore::Crash;
using FailedAppend = MemoryMessageStore::FailedAppend;

class MemoryMessageStoreTest : public testing::Test {
 protected:
  absl::Status AppendNext(bool sync) {
    StoreBatch batch;
    batch.blocks.push_back({1, log_.NextBlock(1)});
    batch.sync = sync;
    absl::Status result = absl::UnknownError("not answered");
    store_.Append(std::move(batch),
                  [&](absl::Status status) { result = status; });
    return result;
  }
  Sequence End() { return store_.Extent(1)->end; }
  Sequence First() { return store_.Extent(1)->first; }

  TestLog log_{1};
  MemoryMessageStore store_;
};

TEST_F(MemoryMessageStoreTest, AProcessKillLosesNothing) {
  ASSERT_TRUE(AppendNext(/*sync=*/false).ok());
  store_.CrashForTest(Crash::kProcessKill);
  EXPECT_EQ(End(), 2u);
  store_.CrashForTest(Crash::kPowerLoss);
  EXPECT_EQ(End(), 2u) << "opening after a crash makes it durable";
}

TEST_F(MemoryMessageStoreTest, APowerLossLosesWhatWasNotSynced) {
  ASSERT_TRUE(AppendNext(/*sync=*/false).ok());
  ASSERT_TRUE(AppendNext(/*sync=*/true).ok());
  ASSERT_TRUE(AppendNext(/*sync=*/false).ok());
  store_.CrashForTest(Crash::kPowerLoss);
  EXPECT_EQ(End(), 3u);
}

TEST_F(MemoryMessageStoreTest, SyncMakesAllBeforeItDurable) {
  ASSERT_TRUE(AppendNext(/*sync=*/false).ok());
  ASSERT_TRUE(store_.Sync().ok());
  store_.CrashForTest(Crash::kPowerLoss);
  EXPECT_EQ(End(), 2u);
}

TEST_F(MemoryMessageStoreTest, APowerLossMayUndoForgetting) {
  ASSERT_TRUE(AppendNext(/*sync=*/false).ok());
  ASSERT_TRUE(AppendNext(/*sync=*/true).ok());
  ASSERT_TRUE(store_.Forget(1, 2).ok());
  EXPECT_EQ(First(), 2u);
  store_.CrashForTest(Crash::kPowerLoss);
  EXPECT_EQ(First(), 1u);
}

TEST_F(MemoryMessageStoreTest, AFailedAppendClosesTheStore) {
  ASSERT_TRUE(AppendNext(/*sync=*/true).ok());
  store_.FailNextAppendForTest();
  const absl::Status failed = AppendNext(/*sync=*/true);
  EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorReason(failed), "STORE_UNAVAILABLE");
  EXPECT_EQ(AppendNext(/*sync=*/true), failed);
  EXPECT_EQ(store_.Sync(), failed);
  EXPECT_EQ(store_.Forget(1, 2), failed);
  EXPECT_EQ(store_.health(), failed);
  EXPECT_EQ(End(), 2u) << "reads go on, and nothing was written";
}

TEST_F(MemoryMessageStoreTest, AFailedAppendMayHaveWrittenAll) {
  store_.FailNextAppendForTest(FailedAppend::kAllWritten);
  EXPECT_FALSE(AppendNext(/*sync=*/true).ok());
  EXPECT_EQ(End(), 2u);
}

TEST_F(MemoryMessageStoreTest, OpeningAgainAfterAFailureTakesWrites) {
  store_.FailNextAppendForTest();
  EXPECT_FALSE(AppendNext(/*sync=*/true).ok());
  store_.CrashForTest(Crash::kProcessKill);
  EXPECT_TRUE(store_.health().ok());
  EXPECT_TRUE(AppendNext(/*sync=*/true).ok());
}

}  // namespace
}  // namespace sluice
