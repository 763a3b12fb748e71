// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/topic_archive.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "base/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;

class TopicArchiveTest : public ::testing::Test {
 protected:
  TopicArchiveTest() {
    static int number = 0;
    root_ = absl::StrCat(testing::TempDir(), "/topic_archive", getpid(), "-",
                         ++number);
    directory_ = std::make_unique<ArchiveDirectory>(
        *ArchiveDirectory::Open(root_, root_ + "/.work"));
    options_.max_unsynced = 100;
  }
  ~TopicArchiveTest() override { std::filesystem::remove_all(root_); }

  void Open(const std::string& format = "<TOPIC><REV>") {
    naming_ = std::make_unique<FileNaming>(*FileNaming::Create(
        {format, "%M", "h", ExtensionOf(options_.compression)}));
    archive_ = std::make_unique<TopicArchive>("t", options_, *naming_,
                                              directory_.get(), clock_);
  }

  void Add(const std::string& body) {
    ASSERT_TRUE(archive_->Add(body, [this] { ++finished_; }).ok());
  }

  std::string Content(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(root_ + "/" + name).rdbuf();
    return text.str();
  }

  std::string root_;
  FakeClock clock_;
  ArchiveOptions options_;
  std::unique_ptr<ArchiveDirectory> directory_;
  std::unique_ptr<FileNaming> naming_;
  std::unique_ptr<TopicArchive> archive_;
  int finished_ = 0;
};

TEST_F(TopicArchiveTest, FinishesMessagesOnceTheyAreSynced) {
  Open();
  Add("a");
  Add("b");
  ASSERT_TRUE(archive_->DoWhatIsDue().ok());
  EXPECT_EQ(finished_, 0);
  clock_.Advance(options_.sync_interval);
  EXPECT_LE(archive_->NextDue(), clock_.SteadyNow());
  ASSERT_TRUE(archive_->DoWhatIsDue().ok());
  EXPECT_EQ(finished_, 2);
  EXPECT_EQ(archive_->messages(), 2u);
}

TEST_F(TopicArchiveTest, SyncsAtOnceWhenNoMoreCouldCome) {
  options_.max_unsynced = 2;
  Open();
  Add("a");
  EXPECT_EQ(finished_, 0);
  Add("b");
  EXPECT_EQ(finished_, 2);
}

TEST_F(TopicArchiveTest, ShowsAFileOnlyWhenItIsComplete) {
  Open();
  Add("a");
  EXPECT_FALSE(std::filesystem::exists(root_ + "/t"));
  ASSERT_TRUE(archive_->EndFile().ok());
  EXPECT_EQ(finished_, 1);
  EXPECT_EQ(Content("t"), "a\n");
  EXPECT_EQ(archive_->last_file(), root_ + "/t");
}

TEST_F(TopicArchiveTest, BeginsAFileWhenTheOldOneIsLarge) {
  options_.rotation.max_bytes = 4;
  Open();
  for (const char* body : {"a", "b", "c"}) Add(body);
  ASSERT_TRUE(archive_->EndFile().ok());
  EXPECT_EQ(Content("t"), "a\nb\n");
  EXPECT_EQ(Content("t-000001"), "c\n");
}

TEST_F(TopicArchiveTest, EndsAFileThatIsOldWithoutFurtherMessages) {
  options_.rotation.max_age = absl::Minutes(5);
  Open();
  Add("a");
  clock_.Advance(absl::Minutes(5));
  ASSERT_TRUE(archive_->DoWhatIsDue().ok());
  EXPECT_EQ(Content("t"), "a\n");
}

TEST_F(TopicArchiveTest, BeginsAFileWhenTheTimeInItsNameChanges) {
  Open("<TOPIC><REV>.<DATETIME>");
  Add("a");
  clock_.Advance(absl::Minutes(1));
  Add("b");
  EXPECT_EQ(archive_->files(), 1u);
  ASSERT_TRUE(archive_->EndFile().ok());
  EXPECT_EQ(archive_->files(), 2u);
}

TEST_F(TopicArchiveTest, HasNoFileWithoutMessages) {
  Open();
  ASSERT_TRUE(archive_->EndFile().ok());
  EXPECT_EQ(archive_->files(), 0u);
  EXPECT_EQ(archive_->NextDue(), SteadyTime::InfiniteFuture());
}

TEST_F(TopicArchiveTest, RescuesWhatWasSyncedByOneThatDied) {
  for (const Compression compression :
       {Compression::kNone, Compression::kGzip, Compression::kZstd}) {
    options_.compression = compression;
    options_.max_unsynced = 1;
    Open();
    Add("a");
    archive_.reset();
    ASSERT_THAT(*RescueLeftovers(options_, directory_.get()),
                ElementsAre(root_ + "/t" + ExtensionOf(compression)));
  }
  EXPECT_EQ(Content("t"), "a\n");
}

TEST_F(TopicArchiveTest, CutsOffTheHalfOfARecord) {
  const auto file = *directory_->Create("t<REV>");
  ASSERT_EQ(write(file->fd(), "whole\nha", 8), 8);
  const std::string path = file->path();
  // Its copy is nobody's.
  std::filesystem::copy(path, root_ + "/.work/u<REV>.1-1.part");
  ASSERT_TRUE(RescueLeftovers(options_, directory_.get()).ok());
  EXPECT_EQ(Content("u"), "whole\n");
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace sluice
