// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/archive_directory.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ArchiveDirectoryTest : public ::testing::Test {
 protected:
  ArchiveDirectoryTest() {
    static int number = 0;
    root_ =
        absl::StrCat(testing::TempDir(), "/archive", getpid(), "-", ++number);
    directory_ = std::make_unique<ArchiveDirectory>(
        *ArchiveDirectory::Open(root_ + "/out", root_ + "/work"));
  }
  ~ArchiveDirectoryTest() override { std::filesystem::remove_all(root_); }

  std::unique_ptr<ArchiveDirectory::WorkFile> Make(const std::string& stem,
                                                   const std::string& text) {
    auto file = *directory_->Create(stem);
    EXPECT_EQ(write(file->fd(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
    return file;
  }

  static std::string Content(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::string root_;
  std::unique_ptr<ArchiveDirectory> directory_;
};

TEST_F(ArchiveDirectoryTest, MovesAFileIntoPlace) {
  auto file = Make("t<REV>.log", "a");
  EXPECT_FALSE(std::filesystem::exists(root_ + "/out/t.log"));
  EXPECT_EQ(*directory_->Publish(std::move(file)), root_ + "/out/t.log");
  EXPECT_EQ(Content(root_ + "/out/t.log"), "a");
  EXPECT_TRUE(std::filesystem::is_empty(root_ + "/work"));
}

TEST_F(ArchiveDirectoryTest, NeverOverwrites) {
  for (const char* text : {"a", "b", "c"}) {
    ASSERT_TRUE(directory_->Publish(Make("t<REV>.log", text)).ok());
  }
  EXPECT_EQ(Content(root_ + "/out/t.log"), "a");
  EXPECT_EQ(Content(root_ + "/out/t-000001.log"), "b");
  EXPECT_EQ(Content(root_ + "/out/t-000002.log"), "c");
}

TEST_F(ArchiveDirectoryTest, MakesDirectoriesThatAreInTheName) {
  EXPECT_THAT(*directory_->Publish(Make("2026/11/a%b<REV>", "x")),
              EndsWith("/out/2026/11/a%b"));
}

TEST_F(ArchiveDirectoryTest, FindsWhatADeadWriterLeft) {
  Make("2026/a%b<REV>.log", "left");  // closed at once, as by a death
  auto leftovers = *directory_->Leftovers();
  ASSERT_THAT(leftovers, SizeIs(1));
  EXPECT_EQ(leftovers[0]->stem(), "2026/a%b<REV>.log");
  ASSERT_TRUE(directory_->Publish(std::move(leftovers[0])).ok());
  EXPECT_EQ(Content(root_ + "/out/2026/a%b.log"), "left");
}

TEST_F(ArchiveDirectoryTest, LeavesTheFilesOfALivingWriterAlone) {
  const auto file = Make("t<REV>", "x");
  EXPECT_THAT(*directory_->Leftovers(), IsEmpty());
}

TEST_F(ArchiveDirectoryTest, DeletesWhatHoldsNothing) {
  ASSERT_TRUE(directory_->Discard(Make("t<REV>", "")).ok());
  EXPECT_TRUE(std::filesystem::is_empty(root_ + "/work"));
}

TEST_F(ArchiveDirectoryTest, SaysWhyItCannotOpen) {
  const auto opened =
      ArchiveDirectory::Open("/proc/sluice-nowhere", root_ + "/work");
  EXPECT_FALSE(opened.ok());
}

}  // namespace
}  // namespace sluice
