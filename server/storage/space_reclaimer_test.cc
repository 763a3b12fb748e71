// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// By way of the store that owns it: what counts is the size of its directory.
#include "server/storage/space_reclaimer.h"

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/storage/keys.h"
#include "server/storage/rocks_message_store.h"
#include "server/storage/test_blocks.h"

namespace sluice {
namespace {

namespace fs = std::filesystem;

class SpaceReclaimerTest : public testing::Test {
 protected:
  SpaceReclaimerTest() {
    options_.path = absl::StrCat(
        testing::TempDir(), "/space_",
        testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(options_.path);
    Reopen();
  }
  ~SpaceReclaimerTest() override {
    store_.reset();
    fs::remove_all(options_.path);
  }

  void Reopen() {
    store_.reset();
    auto store = OpenRocksMessageStore(options_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  absl::Status Append(StoreBatch batch) {
    absl::Status result = absl::UnknownError("not answered");
    store_->Append(std::move(batch),
                   [&](absl::Status status) { result = status; });
    return result;
  }
  uint64_t DirectoryBytes() const {
    uint64_t bytes = 0;
    std::error_code gone;  // files go while we count
    for (const auto& entry : fs::directory_iterator(options_.path)) {
      const uint64_t size = entry.file_size(gone);
      if (!gone) bytes += size;
    }
    return bytes;
  }
  void ExpectSpaceBack() {
    const absl::Time deadline = absl::Now() + absl::Seconds(30);
    while (DirectoryBytes() > 1'000'000 && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(50));
    }
    EXPECT_LT(DirectoryBytes(), uint64_t{1'000'000});
  }

  RocksStoreOptions options_;
  std::unique_ptr<MessageStore> store_;
};

TEST_F(SpaceReclaimerTest, GivesSpaceBackSoonAfterForgetting) {
  TestLog log(7, 8000);
  for (int i = 0; i < 1000; ++i) {
    StoreBatch batch;
    batch.blocks.push_back({7, log.NextBlock(10)});
    ASSERT_TRUE(Append(std::move(batch)).ok());
  }
  ASSERT_GT(DirectoryBytes(), uint64_t{80'000'000});
  ASSERT_TRUE(store_->Forget(7, log.next()).ok());
  ExpectSpaceBack();
}

// 40 MB of parked copies of topic 7, and one of topic 8.
class ParkedSpaceTest : public SpaceReclaimerTest {
 protected:
  ParkedSpaceTest() {
    const std::string copy(8000, '.');
    for (int i = 0; i < 50; ++i) {
      StoreBatch batch;
      for (int j = 0; j < 100; ++j) {
        const auto sequence = static_cast<Sequence>(i * 100 + j);
        batch.state.push_back(
            {StateFamily::kParked, ParkedKey(7, 1, sequence), copy});
      }
      EXPECT_TRUE(Append(std::move(batch)).ok());
    }
    StoreBatch batch;
    batch.state.push_back({StateFamily::kParked, ParkedKey(8, 1, 1), copy});
    EXPECT_TRUE(Append(std::move(batch)).ok());
  }

  void Erase() {
    StoreBatch batch;
    batch.state.push_back({StateFamily::kParked, ParkedKeyPrefix(7),
                           absl::nullopt, ParkedKeyEnd(7)});
    EXPECT_TRUE(Append(std::move(batch)).ok());
  }
  void ExpectSpaceBackAndTheOtherKept() {
    ExpectSpaceBack();
    int kept = 0;
    EXPECT_TRUE(store_
                    ->ReadState(StateFamily::kParked, "",
                                [&](absl::string_view, absl::string_view) {
                                  ++kept;
                                  return absl::OkStatus();
                                })
                    .ok());
    EXPECT_EQ(kept, 1);
  }
};

TEST_F(ParkedSpaceTest, GivesSpaceBackSoonAfterCopiesWereErased) {
  ASSERT_GT(DirectoryBytes(), uint64_t{40'000'000});
  Erase();
  ExpectSpaceBackAndTheOtherKept();
}

TEST_F(ParkedSpaceTest, WhatAStopLeftIsPutAwayAtTheNextStart) {
  Reopen();  // all of it in files
  Erase();
  Reopen();
  ExpectSpaceBackAndTheOtherKept();
}

TEST_F(SpaceReclaimerTest, ASlowTopicDoesNotKeepTheSpaceOfAFastOne) {
  TestLog fast(7, 8000);
  TestLog slow(8, 2000);
  for (int i = 0; i < 1000; ++i) {
    StoreBatch batch;
    batch.blocks.push_back({7, fast.NextBlock(10)});
    if (i % 50 == 0) batch.blocks.push_back({8, slow.NextBlock(1)});
    ASSERT_TRUE(Append(std::move(batch)).ok());
  }
  ASSERT_TRUE(store_->Forget(7, fast.next()).ok());
  ExpectSpaceBack();
  const auto kept = store_->ReadBlocks(8, 1, UINT64_MAX, SIZE_MAX);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->size(), 20u);
}

}  // namespace
}  // namespace sluice
