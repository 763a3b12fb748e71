// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// Archives of messages, also after the death of who writes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/cli/cli_test_fixture.h"

namespace sluice {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ToFile : public CliTest {
 protected:
  ToFile() : directory_(absl::StrCat(testing::TempDir(), "/", topic_)) {
    fs::remove_all(directory_);
  }
  ~ToFile() override { fs::remove_all(directory_); }

  SluiceProcess::Options Archive(std::vector<std::string> flags) const {
    std::vector<std::string> arguments = {
        "to-file", "--output-dir=" + directory_, "--sync-interval=20ms",
        "--filename-format=<TOPIC><REV>"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return With(std::move(arguments));
  }

  // Complete files, by name.
  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    if (!fs::exists(directory_)) return files;
    for (const auto& entry : fs::directory_iterator(directory_)) {
      if (entry.is_regular_file()) files.push_back(entry.path().filename());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  bool WaitForFiles(size_t count) const {
    for (int i = 0; i < 1000 && Files().size() < count; ++i) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    return Files().size() == count;
  }

  // What the tools of the trade make of all files together.
  std::string Content(const std::string& tool = "cat") const {
    std::string command = tool;
    for (const std::string& file : Files()) {
      absl::StrAppend(&command, " '", directory_, "/", file, "'");
    }
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
        popen(command.c_str(), "r"), pclose);
    std::string text;
    char buffer[4096];
    while (const size_t got = fread(buffer, 1, sizeof buffer, pipe.get())) {
      text.append(buffer, got);
    }
    return text;
  }

  const std::string directory_;
};

TEST_F(ToFile, WritesMessagesAndFinishesThem) {
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b", ""}).code, kOk);
  SluiceProcess archive(Archive({topic_}));
  ASSERT_TRUE(WaitForStats("\"finishCount\":\"3\""));
  EXPECT_THAT(Files(), IsEmpty());
  archive.Signal(SIGTERM);
  EXPECT_EQ(archive.Wait(), kInterrupted);
  EXPECT_THAT(Files(), ElementsAre(topic_));
  EXPECT_EQ(Content(), "a\nb\n\n");
  EXPECT_TRUE(WaitForStats("\"clientCount\":\"0\""));
}

TEST_F(ToFile, PacksWhatToolsUnpack) {
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b"}).code, kOk);
  SluiceProcess archive(Archive({topic_, "--compress=gzip"}));
  ASSERT_TRUE(WaitForStats("\"finishCount\":\"2\""));
  ASSERT_EQ(Run({"pub", topic_, "-m", "c"}).code, kOk);
  ASSERT_TRUE(WaitForStats("\"finishCount\":\"3\""));
  archive.Signal(SIGINT);
  EXPECT_EQ(archive.Wait(), kInterrupted);
  EXPECT_EQ(Content("zcat"), "a\nb\nc\n");
}

TEST_F(ToFile, CompletesItsFileAtAHangupAndBeginsAnother) {
  ASSERT_EQ(Run({"pub", topic_, "-m", "a"}).code, kOk);
  SluiceProcess archive(Archive({topic_}));
  ASSERT_TRUE(WaitForStats("\"finishCount\":\"1\""));
  archive.Signal(SIGHUP);
  ASSERT_TRUE(WaitForFiles(1));
  ASSERT_EQ(Run({"pub", topic_, "-m", "b"}).code, kOk);
  ASSERT_TRUE(WaitForStats("\"finishCount\":\"2\""));
  archive.Signal(SIGHUP);
  ASSERT_TRUE(WaitForFiles(2));
  EXPECT_THAT(Files(), ElementsAre(topic_, topic_ + "-000001"));
  EXPECT_EQ(Content(), "a\nb\n");
  archive.Signal(SIGTERM);
  EXPECT_EQ(archive.Wait(), kInterrupted);
}

TEST_F(ToFile, FindsTopicsByAPatternAlsoLater) {
  ASSERT_EQ(Run({"pub", topic_ + "-1", "-m", "a"}).code, kOk);
  SluiceProcess archive(Archive({"--topic-pattern=^" + topic_ + "-",
                                 "--topic-refresh=50ms", "--rotate-size=1"}));
  ASSERT_EQ(Run({"pub", topic_ + "-2", "-m", "b"}).code, kOk);
  ASSERT_EQ(Run({"pub", topic_, "-m", "not this"}).code, kOk);
  ASSERT_TRUE(WaitForFiles(2));
  EXPECT_EQ(Content(), "a\nb\n");
}

TEST_F(ToFile, BringsWhatAKilledRunLeft) {
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b"}).code, kOk);
  SluiceProcess killed(Archive({topic_, "--compress=gzip"}));
  ASSERT_TRUE(WaitForStats("\"finishCount\":\"2\""));
  killed.Signal(SIGKILL);
  killed.Wait();
  EXPECT_THAT(Files(), IsEmpty());
  SluiceProcess archive(Archive({topic_}));
  ASSERT_TRUE(WaitForFiles(1));
  EXPECT_EQ(Content("zcat"), "a\nb\n");
  archive.Signal(SIGTERM);
  EXPECT_EQ(archive.Wait(), kInterrupted);
  EXPECT_THAT(archive.error(), HasSubstr("an earlier run did not end well"));
}

// Killed again and again while messages come; nothing that was published may
// be missing in the end.
TEST_F(ToFile, LosesNothingWhenItIsKilled) {
  constexpr int kMessages = 20000;
  ASSERT_EQ(Run({"topic", "create", topic_}).code, kOk);
  ASSERT_EQ(Run({"channel", "create", topic_, "to-file"}).code, kOk);
  std::string lines;
  for (int i = 0; i < kMessages; ++i) absl::StrAppend(&lines, i, "\n");
  SluiceProcess::Options publisher = With({"pub", topic_, "--rate=20000"});
  publisher.input = lines;
  SluiceProcess pub(std::move(publisher));
  for (int kill = 0; kill < 4; ++kill) {
    SluiceProcess archive(
        Archive({topic_, "--compress=zstd", "--rotate-size=4KiB", "-v"}));
    // At different moments of its work.
    for (int i = 0; i < 500 && Files().size() < static_cast<size_t>(kill) * 3;
         ++i) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    archive.Signal(SIGKILL);
    archive.Wait();
  }
  ASSERT_EQ(pub.Wait(), kOk);
  SluiceProcess archive(Archive({topic_, "--compress=zstd"}));
  ASSERT_TRUE(WaitForStats("\"clientCount\":\"1\""));
  ASSERT_TRUE(WaitForStats("\"depth\":\"0\",\"inFlightCount\":\"0\""));
  archive.Signal(SIGTERM);
  EXPECT_EQ(archive.Wait(), kInterrupted);
  const std::vector<std::string> found =
      absl::StrSplit(Content("zstdcat"), '\n', absl::SkipEmpty());
  const std::set<std::string> different(found.begin(), found.end());
  EXPECT_EQ(different.size(), static_cast<size_t>(kMessages));
  for (const std::string& file : Files()) {
    EXPECT_FALSE(absl::StrContains(file, ".part")) << file;
  }
}

TEST_F(ToFile, EndsWhenItCannotWrite) {
  ASSERT_EQ(Run({"pub", topic_, "-m", "a"}).code, kOk);
  const CliResult result =
      Run({"to-file", topic_, "--output-dir=/proc/nowhere"});
  EXPECT_EQ(result.code, kFailure);
  EXPECT_THAT(result.error, HasSubstr("/proc/nowhere"));
}

}  // namespace
}  // namespace sluice
