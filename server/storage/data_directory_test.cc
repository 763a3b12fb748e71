// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/data_directory.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace {

// What was put on stable storage: the tests' fsync takes the place of libc's.
std::vector<std::string>& Synced() {
  static auto& synced = *new std::vector<std::string>;
  return synced;
}

}  // namespace

extern "C" int fsync(int fd) {
  std::error_code error;
  Synced().push_back(
      std::filesystem::read_symlink(absl::StrCat("/proc/self/fd/", fd), error));
  return static_cast<int>(syscall(SYS_fsync, fd));
}

namespace sluice {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class DataDirectoryTest : public testing::Test {
 protected:
  DataDirectoryTest()
      : path_(absl::StrCat(
            testing::TempDir(), "/data_",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(path_);
  }
  ~DataDirectoryTest() override {
    chmod(path_.c_str(), 0755);
    fs::remove_all(path_);
  }

  void Write(const std::string& name, const std::string& content) {
    fs::create_directories(path_);
    std::ofstream(absl::StrCat(path_, "/", name)) << content;
  }
  std::string Read(const std::string& name) {
    std::ifstream file(absl::StrCat(path_, "/", name));
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
  }
  std::vector<std::string> Files() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  // The directory is refused so, by a message that names it and says `why` and
  // what `to_do`.
  void ExpectRefused(absl::StatusCode code, const std::string& why,
                     const std::string& to_do) {
    const absl::Status status = DataDirectory::Open(path_).status();
    EXPECT_EQ(status.code(), code);
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr(path_), HasSubstr(why), HasSubstr(to_do)));
  }

  const std::string path_;
};

TEST_F(DataDirectoryTest, IsMadeWhenMissing) {
  const auto directory = DataDirectory::Open(path_);
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_EQ((*directory)->path(), path_);
  EXPECT_EQ((*directory)->log_path(), path_ + "/log");
  EXPECT_EQ((*directory)->format_version(), 1);
  EXPECT_THAT(Files(), UnorderedElementsAre("FORMAT", "LOCK", "node-id"));
  EXPECT_EQ(Read("FORMAT"), "sluice-data 1\n");
  EXPECT_EQ(Read("LOCK"), absl::StrCat(getpid(), "\n"));
}

TEST_F(DataDirectoryTest, IsMadeSoThatAPowerLossDoesNotTakeIt) {
  const std::string above = fs::canonical(testing::TempDir());
  for (const char* end : {"", "/", "//"}) {
    fs::remove_all(path_);
    Synced().clear();
    ASSERT_TRUE(DataDirectory::Open(path_ + end).ok());
    EXPECT_THAT(Synced(), Contains(above)) << end;
    Synced().clear();
    ASSERT_TRUE(DataDirectory::Open(path_ + end).ok());
    EXPECT_THAT(Synced(), Not(Contains(above))) << "it was there";
  }
  fs::current_path(above);
  fs::remove_all(path_);
  Synced().clear();
  ASSERT_TRUE(DataDirectory::Open(fs::path(path_).filename()).ok());
  EXPECT_THAT(Synced(), Contains(above));
}

TEST_F(DataDirectoryTest, OpensAgainWithTheSameNodeId) {
  std::string node_id;
  {
    const auto directory = DataDirectory::Open(path_);
    ASSERT_TRUE(directory.ok());
    node_id = (*directory)->node_id();
    EXPECT_THAT(node_id, MatchesRegex("[0-9a-f]{16}"));
  }
  const auto again = DataDirectory::Open(path_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)->node_id(), node_id);
}

TEST_F(DataDirectoryTest, TakesAnEmptyDirectoryAndAFreshFileSystem) {
  fs::create_directories(path_ + "/lost+found");
  EXPECT_TRUE(DataDirectory::Open(path_).ok());
}

TEST_F(DataDirectoryTest, GoesOnAfterAStartThatWasCutShort) {
  Write("FORMAT.tmp", "sluice-da");
  EXPECT_TRUE(DataDirectory::Open(path_).ok());
  EXPECT_EQ(Read("FORMAT"), "sluice-data 1\n");
}

// ---- refusals

TEST_F(DataDirectoryTest, RefusesAFile) {
  std::ofstream{path_} << "a file";
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "is a file",
                "Name a directory");
}

TEST_F(DataDirectoryTest, RefusesAPathThroughAFile) {
  std::ofstream{path_} << "a file";
  const absl::Status status = DataDirectory::Open(path_ + "/data").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(DataDirectoryTest, RefusesAPathWhoseParentIsMissing) {
  const absl::Status status = DataDirectory::Open(path_ + "/a/b").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("correct the path"));
}

TEST_F(DataDirectoryTest, RefusesADirectoryItMayNotWrite) {
  // Not among the test's own files: those may lie below a directory that the
  // other user cannot even enter.
  std::string outside = "/tmp/sluice-data-directory-test-XXXXXX";
  ASSERT_NE(mkdtemp(outside.data()), nullptr);
  const auto remover = absl::MakeCleanup([&] { fs::remove_all(outside); });
  chmod(outside.c_str(), 0755);
  const std::string path = outside + "/data";
  fs::create_directories(path);
  chmod(path.c_str(), 0555);
  constexpr uid_t kNobody = 65534;
  const bool is_root = geteuid() == 0;
  if (is_root && seteuid(kNobody) != 0) GTEST_SKIP() << "cannot change user";
  const absl::Status status = DataDirectory::Open(path).status();
  if (is_root) {
    ASSERT_EQ(seteuid(0), 0);
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(path), HasSubstr("Give it to user")));
}

TEST_F(DataDirectoryTest, RefusesADirectoryOfSomethingElse) {
  Write("holiday.jpg", "beach");
  ExpectRefused(absl::StatusCode::kFailedPrecondition,
                "no Sluice data directory", "Name an empty or new directory");
  EXPECT_THAT(Files(), UnorderedElementsAre("holiday.jpg"));
}

TEST_F(DataDirectoryTest, RefusesADirectoryInUse) {
  const auto first = DataDirectory::Open(path_);
  ASSERT_TRUE(first.ok());
  ExpectRefused(absl::StatusCode::kFailedPrecondition,
                absl::StrCat("in use by another process (pid ", getpid(), ")"),
                "Stop that one");
}

TEST_F(DataDirectoryTest, RefusesADirectoryInUseByAnUnknownProcess) {
  const auto first = DataDirectory::Open(path_);
  ASSERT_TRUE(first.ok());
  Write("LOCK", "");
  ExpectRefused(absl::StatusCode::kFailedPrecondition,
                "in use by another process.", "Stop that one");
}

TEST_F(DataDirectoryTest, ALockLeftByADeadProcessIsNoObstacle) {
  Write("FORMAT", "sluice-data 1\n");
  Write("LOCK", "12345678\n");
  EXPECT_TRUE(DataDirectory::Open(path_).ok());
}

TEST_F(DataDirectoryTest, RefusesANewerFormatAndChangesNothing) {
  Write("FORMAT", "sluice-data 2\n");
  ExpectRefused(absl::StatusCode::kFailedPrecondition,
                "newer Sluice (format 2; this one knows 1)",
                "Start that version again");
  EXPECT_THAT(Files(), UnorderedElementsAre("FORMAT"));
}

TEST_F(DataDirectoryTest, RefusesADamagedFormat) {
  for (const char* content :
       {"", "sluice-data", "sluice-data \n", "sluice-data 1", "sluice-data 0\n",
        "sluice-data -1\n", "sluice-data 1x\n", "other 1\n",
        "sluice-data 99999999999\n"}) {
    Write("FORMAT", content);
    ExpectRefused(absl::StatusCode::kDataLoss, "FORMAT is damaged",
                  "Restore the data directory from a backup");
  }
  EXPECT_THAT(Files(), UnorderedElementsAre("FORMAT"));
}

// ---- node id

TEST_F(DataDirectoryTest, AWishedNodeIdIsUsedAndKept) {
  EXPECT_EQ((*DataDirectory::Open(path_, "node-1.eu"))->node_id(), "node-1.eu");
  EXPECT_EQ((*DataDirectory::Open(path_))->node_id(), "node-1.eu");
  EXPECT_EQ((*DataDirectory::Open(path_, "two"))->node_id(), "two");
  EXPECT_EQ((*DataDirectory::Open(path_))->node_id(), "two");
}

TEST_F(DataDirectoryTest, RefusesAnImpossibleNodeId) {
  for (const std::string& wish :
       {std::string("a b"), std::string("a\n"), std::string(65, 'x')}) {
    EXPECT_EQ(DataDirectory::Open(path_, wish).status().code(),
              absl::StatusCode::kInvalidArgument)
        << wish;
  }
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(DataDirectoryTest, RefusesADamagedNodeIdUnlessGivenAnother) {
  Write("FORMAT", "sluice-data 1\n");
  Write("node-id", "");
  ExpectRefused(absl::StatusCode::kDataLoss, "node-id is damaged", "Delete it");
  EXPECT_EQ((*DataDirectory::Open(path_, "repaired"))->node_id(), "repaired");
  EXPECT_EQ((*DataDirectory::Open(path_))->node_id(), "repaired");
}

}  // namespace
}  // namespace sluice
