// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What only the store on disk can meet: damage, failing disks, crashes.
// message_store_test.cc has the rest, and space_reclaimer_test.cc the space.
#include "server/storage/rocks_message_store.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "server/storage/faulty_file_system.h"
#include "server/storage/keys.h"
#include "server/storage/rocks_tuning.h"
#include "server/storage/test_blocks.h"

namespace sluice {
namespace {

namespace fs = std::filesystem;
using Operation = FaultyFileSystem::Operation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RocksMessageStoreTest : public testing::Test {
 protected:
  RocksMessageStoreTest() {
    const std::string test =
        testing::UnitTest::GetInstance()->current_test_info()->name();
    options_.path = absl::StrCat(testing::TempDir(), "/rocks_",
                                 absl::StrReplaceAll(test, {{"/", "_"}}));
    options_.env = env_.get();
    RemoveAll();
    Open();
  }
  ~RocksMessageStoreTest() override {
    file_system_->Repair();
    store_.reset();
    RemoveAll();
  }

  std::string CopyPath() const { return options_.path + "_copy"; }
  void RemoveAll() {
    fs::remove_all(options_.path);
    fs::remove_all(CopyPath());
  }

  void Open() {
    auto store = OpenRocksMessageStore(options_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void Close() { store_.reset(); }
  void Reopen() {
    Close();
    Open();
  }
  // Goes on with what the disk holds at this moment, as after `kill -9`.
  void ContinueInCopy() {
    // What RocksDB tidies up after opening may go under our hands.
    std::error_code error;
    for (int i = 0; i < 100; ++i) {
      fs::remove_all(CopyPath());
      fs::copy(options_.path, CopyPath(), error);
      if (!error) break;
    }
    ASSERT_FALSE(error) << error.message();
    Close();
    options_.path = CopyPath();
  }

  absl::Status Append(StoreBatch batch) {
    absl::Status result = absl::UnknownError("not answered");
    store_->Append(std::move(batch),
                   [&](absl::Status status) { result = status; });
    return result;
  }
  absl::Status AppendNext(bool sync = false) {
    StoreBatch batch;
    batch.blocks.push_back({log_.topic(), log_.NextBlock(10)});
    batch.sync = sync;
    return Append(std::move(batch));
  }

  std::vector<Sequence> ReadAll() {
    std::vector<Sequence> firsts;
    const auto blocks = store_->ReadBlocks(7, 0, UINT64_MAX, SIZE_MAX);
    EXPECT_TRUE(blocks.ok()) << blocks.status();
    if (!blocks.ok()) return firsts;
    for (const RecordBlockPtr& block : *blocks) {
      firsts.push_back(block->first_sequence());
    }
    return firsts;
  }

  // The largest file whose name ends so.
  fs::path LargestFile(const std::string& extension) const {
    fs::path largest;
    for (const auto& entry : fs::directory_iterator(options_.path)) {
      if (entry.path().extension() != extension) continue;
      if (largest.empty() ||
          fs::file_size(entry.path()) > fs::file_size(largest)) {
        largest = entry.path();
      }
    }
    EXPECT_FALSE(largest.empty()) << extension;
    return largest;
  }
  static void FlipByte(const fs::path& path, uint64_t position) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(position));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(position));
    file.put(static_cast<char>(byte ^ 0x40));
  }

  // Puts a value past the store, which must be closed.
  void PutBehindItsBack(const std::string& key, absl::string_view value) {
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    rocksdb::DB* db = nullptr;
    const rocksdb::Status opened =
        rocksdb::DB::Open(DatabaseTuning(options_), options_.path,
                          FamilyTuning(options_), &families, &db);
    ASSERT_TRUE(opened.ok()) << opened.ToString();
    EXPECT_TRUE(db->Put(rocksdb::WriteOptions(), families[kLogFamily], key,
                        rocksdb::Slice(value.data(), value.size()))
                    .ok());
    for (auto* family : families) db->DestroyColumnFamilyHandle(family);
    delete db;
  }

  const std::shared_ptr<FaultyFileSystem> file_system_ =
      std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ =
      rocksdb::NewCompositeEnv(file_system_);
  RocksStoreOptions options_;
  std::unique_ptr<MessageStore> store_;
  TestLog log_{7, 300};
};

// ---- opening

TEST_F(RocksMessageStoreTest, RefusesASecondOpening) {
  const auto second = OpenRocksMessageStore(options_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("another process"));
}

TEST_F(RocksMessageStoreTest, LeavesNoInfoLogInTheDirectory) {
  Reopen();
  for (const auto& entry : fs::directory_iterator(options_.path)) {
    EXPECT_NE(entry.path().filename().string().substr(0, 4), "LOG.");
    EXPECT_NE(entry.path().filename(), "LOG");
  }
}

// ---- crashes

TEST_F(RocksMessageStoreTest, AKilledProcessLosesNothing) {
  ASSERT_TRUE(AppendNext().ok());
  ASSERT_TRUE(AppendNext().ok());
  ASSERT_TRUE(store_->Forget(7, 11).ok());
  ContinueInCopy();
  Open();
  EXPECT_THAT(ReadAll(), ElementsAre(11));
}

TEST_F(RocksMessageStoreTest, ATornLastWriteIsDroppedAsAWhole) {
  ASSERT_TRUE(AppendNext().ok());
  StoreBatch batch;
  batch.blocks.push_back({7, log_.NextBlock(10)});
  batch.state.push_back({StateFamily::kMeta, "key", "value"});
  ASSERT_TRUE(Append(std::move(batch)).ok());
  ContinueInCopy();
  const fs::path wal = LargestFile(".log");
  fs::resize_file(wal, fs::file_size(wal) - 5);
  Open();
  EXPECT_THAT(ReadAll(), ElementsAre(1));
  EXPECT_TRUE(store_
                  ->ReadState(StateFamily::kMeta, "",
                              [](absl::string_view, absl::string_view) {
                                return absl::DataLossError("half a batch");
                              })
                  .ok());
}

TEST_F(RocksMessageStoreTest, DamageWithinTheWriteAheadLogIsRefused) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(AppendNext().ok());
  ContinueInCopy();
  const fs::path wal = LargestFile(".log");
  FlipByte(wal, fs::file_size(wal) / 2);

  const absl::Status refused = OpenRocksMessageStore(options_).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ErrorReason(refused), "CORRUPTION");
  EXPECT_THAT(std::string(refused.message()), HasSubstr(options_.path));

  options_.wal_repair = WalRepair::kKeepUpToDamage;
  Open();
  EXPECT_THAT(ReadAll(), ElementsAre(1, 11));
}

// ---- damage

TEST_F(RocksMessageStoreTest, ADamagedBlobIsReportedAndNeverServed) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(AppendNext().ok());
  Close();
  const fs::path blobs = LargestFile(".blob");
  FlipByte(blobs, fs::file_size(blobs) / 2);
  Open();
  EXPECT_TRUE(store_->ReadBlocks(7, 1, 11, SIZE_MAX).ok());
  const auto damaged = store_->ReadBlocks(7, 11, 31, SIZE_MAX);
  EXPECT_EQ(damaged.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ErrorReason(damaged.status()), "CORRUPTION");
  EXPECT_THAT(std::string(damaged.status().message()),
              HasSubstr("topic 7, at or after sequence 11"));
  EXPECT_TRUE(store_->ReadBlocks(7, 21, 31, SIZE_MAX).ok());
  EXPECT_THAT(ReadAll(), ElementsAre(1)) << "what comes before it";
  EXPECT_EQ(store_->SkipDamage(7, 11, 31).value(), 21u);
  EXPECT_EQ(store_->SkipDamage(7, 15, 31).value(), 21u);
  EXPECT_EQ(store_->SkipDamage(7, 11, 18).value(), 18u);
  EXPECT_TRUE(AppendNext().ok());
}

TEST_F(RocksMessageStoreTest, DamageOfManyBlocksEndsWhereTheNextCanBeRead) {
  Close();
  for (Sequence first = 11; first <= 51; first += 10) {
    PutBehindItsBack(LogKey(7, first), "garbage");
  }
  Open();
  ASSERT_TRUE(AppendNext().ok());
  for (int i = 0; i < 5; ++i) log_.NextBlock(10);
  EXPECT_EQ(store_->SkipDamage(7, 11, UINT64_MAX).value(), UINT64_MAX);
  ASSERT_TRUE(AppendNext().ok());
  EXPECT_EQ(store_->SkipDamage(7, 11, UINT64_MAX).value(), 61u);
  EXPECT_EQ(store_->SkipDamage(7, 33, UINT64_MAX).value(), 61u);
}

TEST_F(RocksMessageStoreTest, ADamagedFileOfSmallBlocksLosesOnlyAPart) {
  TestLog log(7);
  for (int i = 0; i < 1000; ++i) {
    StoreBatch batch;
    batch.blocks.push_back({7, log.NextBlock(1)});
    ASSERT_TRUE(Append(std::move(batch)).ok());
  }
  Close();
  FlipByte(LargestFile(".sst"), 100);
  Open();
  const LogExtent extent = store_->Extent(7).value();
  EXPECT_EQ(extent.first, 1u);
  EXPECT_EQ(extent.end, 1001u);
  EXPECT_TRUE(extent.end_is_known);
  EXPECT_TRUE(
      absl::IsDataLoss(store_->ReadBlocks(7, 1, 1001, SIZE_MAX).status()));
  const Sequence next = store_->SkipDamage(7, 1, 1001).value();
  EXPECT_GT(next, 1u);
  EXPECT_LT(next, 500u);
  const auto rest = store_->ReadBlocks(7, next, 1001, SIZE_MAX);
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ(rest->size(), 1001 - next);
}

TEST_F(RocksMessageStoreTest, ALogCanBeMeasuredWhoseOldestBlockIsDamaged) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(AppendNext().ok());
  Close();
  FlipByte(LargestFile(".blob"), 1000);
  Open();
  const LogExtent extent = store_->Extent(7).value();
  EXPECT_EQ(extent.first, 1u);
  EXPECT_EQ(extent.end, 31u);
  EXPECT_TRUE(extent.end_is_known);
  EXPECT_EQ(extent.first_offset, log_.offset() / 3);
  EXPECT_EQ(extent.end_offset, log_.offset());
}

TEST_F(RocksMessageStoreTest, ALogCanBeMeasuredWhoseNewestBlockIsDamaged) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(AppendNext().ok());
  Close();
  const fs::path blobs = LargestFile(".blob");
  FlipByte(blobs, fs::file_size(blobs) - 1000);
  Open();
  const LogExtent extent = store_->Extent(7).value();
  EXPECT_EQ(extent.first, 1u);
  EXPECT_FALSE(extent.end_is_known);
  EXPECT_EQ(extent.end, 22u) << "one message at least";
  EXPECT_EQ(extent.first_offset, 0u);
  EXPECT_EQ(extent.end_offset, log_.offset() / 3 * 2);
}

TEST_F(RocksMessageStoreTest, ALogThatIsAllDamageHasOneMessage) {
  Close();
  PutBehindItsBack(LogKey(7, 1), "garbage");
  Open();
  const LogExtent extent = store_->Extent(7).value();
  EXPECT_EQ(extent.first, 1u);
  EXPECT_EQ(extent.end, 2u);
  EXPECT_FALSE(extent.end_is_known);
}

TEST_F(RocksMessageStoreTest, ABlockThatIsNoneIsReportedByItsPlace) {
  ASSERT_TRUE(AppendNext().ok());
  Close();
  PutBehindItsBack(LogKey(7, 11), "garbage");
  Open();
  EXPECT_THAT(ReadAll(), ElementsAre(1));
  const auto damaged = store_->ReadBlocks(7, 11, 31, SIZE_MAX);
  EXPECT_EQ(damaged.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(damaged.status().message()),
              HasSubstr("topic 7, block at sequence 11"));
}

TEST_F(RocksMessageStoreTest, ABlockInTheWrongPlaceIsReported) {
  Close();
  PutBehindItsBack(LogKey(7, 5), log_.NextBlock(10)->bytes());
  Open();
  const auto damaged = store_->ReadBlocks(7, 1, 31, SIZE_MAX);
  EXPECT_THAT(std::string(damaged.status().message()),
              HasSubstr("belongs at sequence 1"));
}

TEST_F(RocksMessageStoreTest, ADamagedLogCanBeForgotten) {
  Close();
  PutBehindItsBack(LogKey(7, 1), "garbage");
  Open();
  log_.NextBlock(10);
  ASSERT_TRUE(AppendNext().ok());
  EXPECT_TRUE(store_->Forget(7, 11).ok());
  EXPECT_THAT(ReadAll(), ElementsAre(11));
  Close();
  PutBehindItsBack(LogKey(7, 21), "garbage");
  Open();
  EXPECT_EQ(store_->Forget(7, 100).code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(store_->Forget(7, UINT64_MAX).ok());
  EXPECT_THAT(ReadAll(), IsEmpty());
}

// ---- a disk that fails

struct DiskFault {
  Operation operation;
  rocksdb::IOStatus error;
};

class FailingDiskTest : public RocksMessageStoreTest,
                        public testing::WithParamInterface<int> {
 protected:
  static DiskFault Fault() {
    switch (GetParam()) {
      case 0:
        return {Operation::kAppend, rocksdb::IOStatus::IOError("broken")};
      case 1:
        return {Operation::kAppend, rocksdb::IOStatus::NoSpace("full")};
      default:
        return {Operation::kSync, rocksdb::IOStatus::IOError("broken")};
    }
  }
};

TEST_F(RocksMessageStoreTest, AFailedSyncClosesTheStore) {
  ASSERT_TRUE(AppendNext().ok());
  file_system_->Fail(Operation::kSync, ".log",
                     rocksdb::IOStatus::IOError("broken"));
  const absl::Status failed = store_->Sync();
  EXPECT_EQ(ErrorReason(failed), "STORE_UNAVAILABLE");
  file_system_->Repair();
  EXPECT_EQ(AppendNext(), failed);
}

TEST_F(RocksMessageStoreTest, AFailedReadClosesTheStore) {
  ASSERT_TRUE(AppendNext().ok());
  Reopen();
  file_system_->Fail(Operation::kRead, ".blob",
                     rocksdb::IOStatus::IOError("broken"));
  const auto read = store_->ReadBlocks(7, 1, 11, SIZE_MAX);
  EXPECT_EQ(read.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store_->health(), read.status());
}

TEST_P(FailingDiskTest, ClosesTheStoreUntilItIsOpenedAgain) {
  ASSERT_TRUE(AppendNext(/*sync=*/true).ok());
  const DiskFault fault = Fault();
  file_system_->Fail(fault.operation, ".log", fault.error);
  const absl::Status failed = AppendNext(/*sync=*/true);
  EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorReason(failed), "STORE_UNAVAILABLE");

  file_system_->Repair();
  EXPECT_EQ(AppendNext(), failed) << "never on top of unknown state";
  EXPECT_EQ(store_->Sync(), failed);
  EXPECT_EQ(store_->Forget(7, 11), failed);
  EXPECT_EQ(store_->health(), failed);
  EXPECT_EQ(ReadAll().front(), 1u) << "reads go on";

  Reopen();
  EXPECT_TRUE(store_->health().ok());
  EXPECT_EQ(ReadAll().front(), 1u);
  EXPECT_TRUE(AppendNext(/*sync=*/true).ok());
}

INSTANTIATE_TEST_SUITE_P(Faults, FailingDiskTest, testing::Range(0, 3));

// ---- a full disk

class FullDiskTest : public RocksMessageStoreTest {
 protected:
  FullDiskTest() {
    options_.has_room = [this] { return has_room_.load(); };
    Reopen();
  }
  void Fill(const std::string& suffix) {
    has_room_ = false;
    file_system_->Fail(Operation::kAppend, suffix,
                       rocksdb::IOStatus::NoSpace("full"));
  }
  void MakeRoom() {
    file_system_->Repair();
    has_room_ = true;
  }
  bool BecomesHealthy() {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (!store_->health().ok() && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return store_->health().ok();
  }

  std::atomic<bool> has_room_{true};
};

TEST_F(FullDiskTest, TheStoreOpensItselfAgainWhenThereIsRoom) {
  ASSERT_TRUE(AppendNext(/*sync=*/true).ok());
  Fill(".log");
  const absl::Status failed = AppendNext(/*sync=*/true);
  EXPECT_EQ(ErrorReason(failed), "STORE_UNAVAILABLE");
  file_system_->Repair();
  EXPECT_EQ(AppendNext(), failed) << "there is no room yet";
  EXPECT_EQ(ReadAll().front(), 1u) << "reads go on";
  MakeRoom();
  ASSERT_TRUE(BecomesHealthy());
  ASSERT_TRUE(AppendNext(/*sync=*/true).ok());
  EXPECT_EQ(ReadAll().front(), 1u);
  EXPECT_EQ(ReadAll().back(), 31u);
}

TEST_F(FullDiskTest, SaysThatItClosesAndOpensItself) {
  std::atomic<int> changes{0};
  options_.health_changed = [&changes] { ++changes; };
  Reopen();
  Fill(".log");
  EXPECT_FALSE(AppendNext(/*sync=*/true).ok());
  EXPECT_EQ(changes, 1);
  MakeRoom();
  ASSERT_TRUE(BecomesHealthy());
  Close();  // its threads have ended
  EXPECT_EQ(changes, 2);
}

TEST_F(FullDiskTest, ReadsGoOnBesideTheReopening) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(AppendNext().ok());
  std::atomic<bool> over{false};
  std::atomic<int> reads{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!over) {
        const auto blocks = store_->ReadBlocks(7, 0, UINT64_MAX, SIZE_MAX);
        // All there is, or an error that says why not: never less.
        if (blocks.ok()) {
          EXPECT_GE(blocks->size(), 20u);
          ++reads;
        } else {
          EXPECT_TRUE(absl::IsUnavailable(blocks.status()));
        }
      }
    });
  }
  for (int i = 0; i < 3; ++i) {
    Fill(".log");
    EXPECT_FALSE(AppendNext().ok());
    MakeRoom();
    EXPECT_TRUE(BecomesHealthy());
    EXPECT_TRUE(AppendNext().ok());
  }
  over = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(reads, 0);
}

TEST_F(FullDiskTest, AFlushThatFindsNoRoomIsNoLossEither) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(AppendNext().ok());
  Fill(".blob");
  TestLog big(8, 8000);
  absl::Status status;
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  std::vector<Sequence> acknowledged;
  while (status.ok() && absl::Now() < deadline) {
    StoreBatch batch;
    batch.blocks.push_back({8, big.NextBlock(100)});
    const Sequence first = batch.blocks[0].block->first_sequence();
    status = Append(std::move(batch));
    if (status.ok()) acknowledged.push_back(first);
  }
  ASSERT_FALSE(status.ok());
  MakeRoom();
  ASSERT_TRUE(BecomesHealthy());
  const auto blocks = store_->ReadBlocks(8, 0, UINT64_MAX, SIZE_MAX);
  ASSERT_TRUE(blocks.ok()) << blocks.status();
  EXPECT_GE(blocks->size(), acknowledged.size());
  for (size_t i = 0; i < acknowledged.size(); ++i) {
    EXPECT_EQ((*blocks)[i]->first_sequence(), acknowledged[i]);
  }
}

TEST_F(FullDiskTest, ABrokenDiskStaysClosedHoweverMuchRoomThereIs) {
  ASSERT_TRUE(AppendNext(/*sync=*/true).ok());
  file_system_->Fail(Operation::kSync, ".log",
                     rocksdb::IOStatus::IOError("broken"));
  const absl::Status failed = AppendNext(/*sync=*/true);
  MakeRoom();
  absl::SleepFor(absl::Milliseconds(600));  // two looks of the reopener
  EXPECT_EQ(AppendNext(), failed);
}

TEST_F(FullDiskTest, CanBeClosedWhileItWaitsForRoom) {
  ASSERT_TRUE(AppendNext().ok());
  Fill(".log");
  EXPECT_FALSE(AppendNext().ok());
  Close();
  MakeRoom();
  Open();
  EXPECT_EQ(ReadAll().front(), 1u);
}

}  // namespace
}  // namespace sluice
