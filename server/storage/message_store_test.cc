// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What every MessageStore does, run over each of them.
#include "server/storage/message_store.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/storage/keys.h"
#include "server/storage/memory_message_store.h"
#include "server/storage/rocks_message_store.h"
#include "server/storage/test_blocks.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kNoLimit = SIZE_MAX;

// A store that can be closed and opened again.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual MessageStore& store() = 0;
  virtual void Reopen() = 0;
};

class MemoryUnderTest final : public StoreUnderTest {
 public:
  MessageStore& store() override { return store_; }
  void Reopen() override {
    store_.CrashForTest(MemoryMessageStore::Crash::kProcessKill);
  }

 private:
  MemoryMessageStore store_;
};

class RocksUnderTest final : public StoreUnderTest {
 public:
  RocksUnderTest() {
    const std::string test =
        testing::UnitTest::GetInstance()->current_test_info()->name();
    options_.path = absl::StrCat(testing::TempDir(), "/store_",
                                 absl::StrReplaceAll(test, {{"/", "_"}}));
    std::filesystem::remove_all(options_.path);
    Open();
  }
  ~RocksUnderTest() override {
    store_.reset();
    std::filesystem::remove_all(options_.path);
  }
  MessageStore& store() override { return *store_; }
  void Reopen() override {
    store_.reset();
    Open();
  }

 private:
  void Open() {
    auto store = OpenRocksMessageStore(options_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  RocksStoreOptions options_;
  std::unique_ptr<MessageStore> store_;
};

struct StoreKind {
  const char* name;
  std::unique_ptr<StoreUnderTest> (*make)();
};

class MessageStoreTest : public testing::TestWithParam<StoreKind> {
 protected:
  MessageStore& store() { return under_test_->store(); }
  void Reopen() { under_test_->Reopen(); }

  absl::Status Append(StoreBatch batch) {
    absl::Status result = absl::UnknownError("not answered");
    store().Append(std::move(batch),
                   [&](absl::Status status) { result = status; });
    return result;
  }

  void AppendBlock(TopicId topic, RecordBlockPtr block) {
    StoreBatch batch;
    batch.blocks.push_back({topic, std::move(block)});
    ASSERT_TRUE(Append(std::move(batch)).ok());
  }

  void AppendBlocks(TestLog& log, const std::vector<uint32_t>& counts) {
    for (const uint32_t count : counts) {
      AppendBlock(log.topic(), log.NextBlock(count));
    }
  }

  void PutState(StateFamily family, std::string key,
                absl::optional<std::string> value) {
    StoreBatch batch;
    batch.state.push_back({family, std::move(key), std::move(value)});
    ASSERT_TRUE(Append(std::move(batch)).ok());
  }

  // The first sequences of the blocks read.
  std::vector<Sequence> Read(TopicId topic, Sequence from, Sequence to,
                             size_t max_bytes = kNoLimit) {
    std::vector<Sequence> firsts;
    const auto blocks = store().ReadBlocks(topic, from, to, max_bytes);
    EXPECT_TRUE(blocks.ok()) << blocks.status();
    if (!blocks.ok()) return firsts;
    for (const RecordBlockPtr& block : *blocks) {
      firsts.push_back(block->first_sequence());
    }
    return firsts;
  }
  std::vector<Sequence> ReadAll(TopicId topic) {
    return Read(topic, 0, UINT64_MAX);
  }

  std::vector<std::string> State(StateFamily family, absl::string_view prefix) {
    std::vector<std::string> records;
    const absl::Status status = store().ReadState(
        family, prefix, [&](absl::string_view key, absl::string_view value) {
          records.push_back(absl::StrCat(key, "=", value));
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return records;
  }

 private:
  const std::unique_ptr<StoreUnderTest> under_test_ = GetParam().make();
};

// ---- reading what was appended

TEST_P(MessageStoreTest, TakesOutSingleBlocks) {
  TestLog log(7, 300);
  AppendBlocks(log, {10, 10});
  StoreBatch batch;
  batch.removed.push_back({7, 11});
  batch.removed.push_back({7, 12345});  // was never there
  batch.blocks.push_back({7, log.NextBlock(10)});
  ASSERT_TRUE(Append(std::move(batch)).ok());
  Reopen();
  const auto blocks = store().ReadBlocks(7, 0, UINT64_MAX, kNoLimit);
  ASSERT_TRUE(blocks.ok()) << blocks.status();
  ASSERT_EQ(blocks->size(), 2u);
  EXPECT_EQ((*blocks)[0]->first_sequence(), 1u);
  EXPECT_EQ((*blocks)[1]->first_sequence(), 21u);
}

TEST_P(MessageStoreTest, StartsHealthyAndEmpty) {
  EXPECT_TRUE(store().health().ok());
  EXPECT_THAT(ReadAll(1), IsEmpty());
  EXPECT_THAT(State(StateFamily::kMeta, ""), IsEmpty());
}

TEST_P(MessageStoreTest, GivesBackTheBytesThatWereAppended) {
  TestLog log(1, 3000);
  const RecordBlockPtr block = log.NextBlock(3);
  AppendBlock(1, block);
  const auto blocks = store().ReadBlocks(1, 1, 2, kNoLimit);
  ASSERT_TRUE(blocks.ok());
  ASSERT_EQ(blocks->size(), 1u);
  EXPECT_EQ(blocks->front()->bytes(), block->bytes());
}

TEST_P(MessageStoreTest, ReadsBeginWithTheBlockThatHoldsFrom) {
  TestLog log(1);
  AppendBlocks(log, {10, 10, 10});
  EXPECT_THAT(Read(1, 1, 31), ElementsAre(1, 11, 21));
  EXPECT_THAT(Read(1, 10, 31), ElementsAre(1, 11, 21));
  EXPECT_THAT(Read(1, 11, 31), ElementsAre(11, 21));
  EXPECT_THAT(Read(1, 15, 31), ElementsAre(11, 21));
  EXPECT_THAT(Read(1, 30, 31), ElementsAre(21));
  EXPECT_THAT(Read(1, 31, 100), IsEmpty());
}

TEST_P(MessageStoreTest, ReadsEndBeforeTo) {
  TestLog log(1);
  AppendBlocks(log, {10, 10, 10});
  EXPECT_THAT(Read(1, 1, 11), ElementsAre(1));
  EXPECT_THAT(Read(1, 1, 12), ElementsAre(1, 11));
  EXPECT_THAT(Read(1, 5, 6), ElementsAre(1));
  EXPECT_THAT(Read(1, 5, 5), IsEmpty());
  EXPECT_THAT(Read(1, 6, 5), IsEmpty());
}

TEST_P(MessageStoreTest, ReadsStopAtTheByteLimitButNotBeforeOneBlock) {
  TestLog log(1, 1000);
  AppendBlocks(log, {1, 1, 1});
  const size_t block_bytes = log.offset() / 3;
  EXPECT_THAT(Read(1, 1, 4, 0), ElementsAre(1));
  EXPECT_THAT(Read(1, 1, 4, 2 * block_bytes - 1), ElementsAre(1));
  EXPECT_THAT(Read(1, 1, 4, 2 * block_bytes), ElementsAre(1, 2));
  EXPECT_THAT(Read(1, 2, 4, 1), ElementsAre(2));
}

TEST_P(MessageStoreTest, ReadsStepOverGaps) {
  TestLog log(1);
  AppendBlocks(log, {10});
  log.NextBlock(10);  // stays in memory
  AppendBlocks(log, {10});
  EXPECT_THAT(Read(1, 15, 31), ElementsAre(21));
  EXPECT_THAT(Read(1, 15, 20), IsEmpty());
  EXPECT_THAT(ReadAll(1), ElementsAre(1, 21));
}

TEST_P(MessageStoreTest, FindsBlocksWrittenLateInTheirPlace) {
  TestLog log(1);
  const RecordBlockPtr late_first = log.NextBlock(5);
  const RecordBlockPtr late_second = log.NextBlock(5);
  AppendBlocks(log, {5});
  AppendBlock(1, late_second);
  AppendBlock(1, late_first);
  EXPECT_THAT(ReadAll(1), ElementsAre(1, 6, 11));
  EXPECT_EQ(store().Extent(1)->first, 1u);
}

TEST_P(MessageStoreTest, FindsBlocksWrittenLateBelowAKnownStart) {
  TestLog log(1);
  const RecordBlockPtr late = log.NextBlock(10);
  AppendBlocks(log, {10});
  EXPECT_EQ(store().Extent(1)->first, 11u);
  ASSERT_TRUE(store().Forget(1, 5).ok());
  AppendBlock(1, late);
  EXPECT_THAT(Read(1, 5, 21), ElementsAre(1, 11));
  EXPECT_EQ(store().Extent(1)->first, 1u);
}

TEST_P(MessageStoreTest, KeepsTopicsApart) {
  TestLog one(1);
  TestLog two(2);
  TestLog last(UINT32_MAX);
  AppendBlocks(one, {10, 10});
  AppendBlocks(two, {4});
  AppendBlocks(last, {7});
  EXPECT_THAT(ReadAll(1), ElementsAre(1, 11));
  EXPECT_THAT(ReadAll(2), ElementsAre(1));
  EXPECT_THAT(ReadAll(3), IsEmpty());
  const auto blocks = store().ReadBlocks(UINT32_MAX, 1, UINT64_MAX, kNoLimit);
  ASSERT_EQ(blocks->size(), 1u);
  EXPECT_EQ(blocks->front()->body(6), last.Body(7));
}

TEST_P(MessageStoreTest, HoldsAThousandTopics) {
  constexpr TopicId kTopics = 1000;
  StoreBatch batch;
  for (TopicId topic = 1; topic <= kTopics; ++topic) {
    TestLog log(topic);
    batch.blocks.push_back({topic, log.NextBlock(2)});
  }
  ASSERT_TRUE(Append(std::move(batch)).ok());
  for (TopicId topic = 2; topic <= kTopics; topic += 2) {
    ASSERT_TRUE(store().Forget(topic, UINT64_MAX).ok());
  }
  Reopen();
  for (TopicId topic = 1; topic <= kTopics; ++topic) {
    EXPECT_EQ(store().Extent(topic)->end, topic % 2 == 1 ? 3u : 1u) << topic;
  }
}

// ---- where a log starts and ends

TEST_P(MessageStoreTest, AnEmptyLogHasAnEmptyExtent) {
  const auto extent = store().Extent(1);
  ASSERT_TRUE(extent.ok());
  EXPECT_EQ(extent->first, 1u);
  EXPECT_EQ(extent->end, 1u);
  EXPECT_EQ(extent->first_offset, 0u);
  EXPECT_EQ(extent->end_offset, 0u);
}

TEST_P(MessageStoreTest, TheExtentFollowsAppendsAndForgetting) {
  TestLog log(1);
  AppendBlocks(log, {10});
  const uint64_t first_block_bytes = log.offset();
  AppendBlocks(log, {20});
  for (int round = 0; round < 2; ++round) {
    const auto extent = store().Extent(1);
    ASSERT_TRUE(extent.ok());
    EXPECT_EQ(extent->first, 1u);
    EXPECT_EQ(extent->end, 31u);
    EXPECT_EQ(extent->first_offset, 0u);
    EXPECT_EQ(extent->end_offset, log.offset());
    Reopen();
  }
  ASSERT_TRUE(store().Forget(1, 11).ok());
  for (int round = 0; round < 2; ++round) {
    const auto extent = store().Extent(1);
    ASSERT_TRUE(extent.ok());
    EXPECT_EQ(extent->first, 11u);
    EXPECT_EQ(extent->first_offset, first_block_bytes);
    EXPECT_EQ(extent->end, 31u);
    Reopen();
  }
}

// ---- forgetting

TEST_P(MessageStoreTest, ForgetKeepsTheBlockThatHoldsBefore) {
  TestLog log(1);
  AppendBlocks(log, {10, 10, 10});
  const std::vector<std::pair<Sequence, std::vector<Sequence>>> steps = {
      {0, {1, 11, 21}}, {1, {1, 11, 21}}, {10, {1, 11, 21}},
      {11, {11, 21}},   {15, {11, 21}},   {5, {11, 21}},
      {20, {11, 21}},   {30, {21}},       {31, {}},
  };
  for (const auto& [before, kept] : steps) {
    ASSERT_TRUE(store().Forget(1, before).ok());
    EXPECT_EQ(ReadAll(1), kept) << before;
    EXPECT_EQ(Read(1, 1, 31), kept) << before;
  }
}

TEST_P(MessageStoreTest, ForgottenBlocksStayForgottenAfterReopening) {
  TestLog log(1, 2000);
  AppendBlocks(log, {10, 10, 10});
  ASSERT_TRUE(store().Forget(1, 21).ok());
  Reopen();
  EXPECT_THAT(Read(1, 1, 31), ElementsAre(21));
  ASSERT_TRUE(store().Forget(1, 31).ok());
  AppendBlocks(log, {10});
  Reopen();
  EXPECT_THAT(ReadAll(1), ElementsAre(31));
}

TEST_P(MessageStoreTest, ForgetKeepsBlocksAboveAGap) {
  TestLog log(1);
  AppendBlocks(log, {10});
  log.NextBlock(10);
  AppendBlocks(log, {10});
  ASSERT_TRUE(store().Forget(1, 15).ok());
  EXPECT_THAT(ReadAll(1), ElementsAre(21));
}

TEST_P(MessageStoreTest, ForgettingAnEmptyOrUnknownLogIsFine) {
  EXPECT_TRUE(store().Forget(9, 100).ok());
  EXPECT_TRUE(store().Forget(9, UINT64_MAX).ok());
  EXPECT_THAT(ReadAll(9), IsEmpty());
}

TEST_P(MessageStoreTest, DroppingALogLeavesItsNeighbours) {
  TestLog one(1);
  TestLog two(2);
  TestLog three(3);
  for (TestLog* log : {&one, &two, &three}) AppendBlocks(*log, {3, 3});
  ASSERT_TRUE(store().Forget(2, UINT64_MAX).ok());
  EXPECT_THAT(ReadAll(1), ElementsAre(1, 4));
  EXPECT_THAT(ReadAll(2), IsEmpty());
  EXPECT_EQ(store().Extent(2)->end, 1u);
  EXPECT_THAT(ReadAll(3), ElementsAre(1, 4));
}

TEST_P(MessageStoreTest, AForgottenLogTakesNewBlocks) {
  TestLog log(1);
  AppendBlocks(log, {10});
  ASSERT_TRUE(store().Forget(1, UINT64_MAX).ok());
  AppendBlocks(log, {10, 10});
  EXPECT_THAT(ReadAll(1), ElementsAre(11, 21));
  ASSERT_TRUE(store().Forget(1, 21).ok());
  EXPECT_THAT(ReadAll(1), ElementsAre(21));
}

// ---- small records

TEST_P(MessageStoreTest, ReadsStateByPrefixInKeyOrder) {
  for (const char* key : {"b2", "a", "b1", "b", "c"}) {
    PutState(StateFamily::kMeta, key, "v");
  }
  EXPECT_THAT(State(StateFamily::kMeta, "b"),
              ElementsAre("b=v", "b1=v", "b2=v"));
  EXPECT_THAT(State(StateFamily::kMeta, "d"), IsEmpty());
  EXPECT_EQ(State(StateFamily::kMeta, "").size(), 5u);
}

TEST_P(MessageStoreTest, ReadsPrefixesThatEndInTheLargestByte) {
  PutState(StateFamily::kMeta, CursorKey(UINT32_MAX, 1), "x");
  PutState(StateFamily::kMeta, "v", "y");
  PutState(StateFamily::kMeta, "\xff\xff", "z");
  EXPECT_EQ(State(StateFamily::kMeta, CursorKeyPrefix(UINT32_MAX)).size(), 1u);
  EXPECT_EQ(State(StateFamily::kMeta, "\xff").size(), 1u);
}

TEST_P(MessageStoreTest, KeepsStateFamiliesApart) {
  PutState(StateFamily::kMeta, "key", "meta");
  PutState(StateFamily::kParked, "key", "parked");
  EXPECT_THAT(State(StateFamily::kMeta, ""), ElementsAre("key=meta"));
  EXPECT_THAT(State(StateFamily::kParked, ""), ElementsAre("key=parked"));
}

TEST_P(MessageStoreTest, OverwritesAndDeletesState) {
  PutState(StateFamily::kMeta, "key", "old");
  PutState(StateFamily::kMeta, "key", "new");
  EXPECT_THAT(State(StateFamily::kMeta, ""), ElementsAre("key=new"));
  PutState(StateFamily::kMeta, "key", absl::nullopt);
  PutState(StateFamily::kMeta, "never", absl::nullopt);
  EXPECT_THAT(State(StateFamily::kMeta, ""), IsEmpty());
}

TEST_P(MessageStoreTest, ErasesARangeOfStateInTheOrderOfTheBatch) {
  for (const char* key : {"a", "b", "b1", "b2", "c"}) {
    PutState(StateFamily::kMeta, key, "v");
    PutState(StateFamily::kParked, key, "v");
  }
  StoreBatch batch;
  batch.state.push_back({StateFamily::kMeta, "b15", "before"});
  batch.state.push_back({StateFamily::kMeta, "b", absl::nullopt, "b2"});
  batch.state.push_back({StateFamily::kMeta, "b1", "after"});
  ASSERT_TRUE(Append(std::move(batch)).ok());
  EXPECT_THAT(State(StateFamily::kMeta, ""),
              ElementsAre("a=v", "b1=after", "b2=v", "c=v"));
  EXPECT_EQ(State(StateFamily::kParked, "").size(), 5u);
}

TEST_P(MessageStoreTest, StateMayBeEmptyAndBinary) {
  PutState(StateFamily::kParked, std::string("\0k", 2),
           std::string("\0\xff", 2));
  PutState(StateFamily::kParked, "empty", "");
  EXPECT_THAT(State(StateFamily::kParked, ""),
              ElementsAre(std::string("\0k=\0\xff", 5), "empty="));
}

TEST_P(MessageStoreTest, AVisitorsErrorEndsTheReading) {
  PutState(StateFamily::kMeta, "a", "1");
  PutState(StateFamily::kMeta, "b", "2");
  int visits = 0;
  const absl::Status status = store().ReadState(
      StateFamily::kMeta, "", [&](absl::string_view, absl::string_view) {
        ++visits;
        return absl::AbortedError("enough");
      });
  EXPECT_EQ(status, absl::AbortedError("enough"));
  EXPECT_EQ(visits, 1);
}

TEST_P(MessageStoreTest, AVisitorMayUseTheStore) {
  PutState(StateFamily::kMeta, "a", "1");
  const absl::Status status = store().ReadState(
      StateFamily::kMeta, "", [&](absl::string_view, absl::string_view) {
        PutState(StateFamily::kMeta, "b", "2");
        return store().Extent(1).status();
      });
  EXPECT_TRUE(status.ok());
  EXPECT_THAT(State(StateFamily::kMeta, ""), ElementsAre("a=1", "b=2"));
}

// ---- commits

TEST_P(MessageStoreTest, ABatchWritesBlocksAndStateOfManyTopics) {
  TestLog one(1);
  TestLog two(2);
  StoreBatch batch;
  batch.blocks.push_back({1, one.NextBlock(2)});
  batch.blocks.push_back({2, two.NextBlock(2)});
  batch.blocks.push_back({1, one.NextBlock(2)});
  batch.state.push_back({StateFamily::kMeta, "m", "1"});
  batch.state.push_back({StateFamily::kParked, "p", "2"});
  batch.sync = true;
  ASSERT_TRUE(Append(std::move(batch)).ok());
  Reopen();
  EXPECT_THAT(ReadAll(1), ElementsAre(1, 3));
  EXPECT_THAT(ReadAll(2), ElementsAre(1));
  EXPECT_THAT(State(StateFamily::kMeta, ""), ElementsAre("m=1"));
  EXPECT_THAT(State(StateFamily::kParked, ""), ElementsAre("p=2"));
}

TEST_P(MessageStoreTest, AnEmptyBatchIsFine) {
  EXPECT_TRUE(Append(StoreBatch{}).ok());
  StoreBatch synced;
  synced.sync = true;
  EXPECT_TRUE(Append(std::move(synced)).ok());
  EXPECT_TRUE(store().Sync().ok());
}

TEST_P(MessageStoreTest, WhatWasAppendedIsThereAfterReopening) {
  TestLog log(1, 5000);
  AppendBlocks(log, {1, 2, 3});
  PutState(StateFamily::kMeta, "key", "value");
  ASSERT_TRUE(store().Sync().ok());
  Reopen();
  EXPECT_THAT(ReadAll(1), ElementsAre(1, 2, 4));
  EXPECT_THAT(State(StateFamily::kMeta, ""), ElementsAre("key=value"));
  const auto blocks = store().ReadBlocks(1, 6, 7, kNoLimit);
  EXPECT_EQ(blocks->front()->body(2), log.Body(6));
}

INSTANTIATE_TEST_SUITE_P(
    Stores, MessageStoreTest,
    testing::Values(StoreKind{"memory",
                              [] {
                                return std::unique_ptr<StoreUnderTest>(
                                    std::make_unique<MemoryUnderTest>());
                              }},
                    StoreKind{"rocks",
                              [] {
                                return std::unique_ptr<StoreUnderTest>(
                                    std::make_unique<RocksUnderTest>());
                              }}),
    [](const testing::TestParamInfo<StoreKind>& kind) {
      return std::string(kind.param.name);
    });

}  // namespace
}  // namespace sluice
