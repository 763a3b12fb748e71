// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/backlog_window.h"

#include "gtest/gtest.h"
#include "server/storage/test_blocks.h"

namespace sluice {
namespace {

TEST(BacklogWindow, FindsTheBlockOfAMessage) {
  TestLog log(1);
  BacklogWindow window;
  window.Add({log.NextBlock(3), log.NextBlock(3)});
  EXPECT_EQ(window.Find(2)->first_sequence(), 1u);
  EXPECT_EQ(window.Find(4)->first_sequence(), 4u);
  EXPECT_EQ(window.Find(7), nullptr);
  EXPECT_EQ(window.end(), 7u);
}

TEST(BacklogWindow, LetsGoOfWhatIsBehind) {
  TestLog log(1);
  BacklogWindow window;
  window.Add({log.NextBlock(3), log.NextBlock(3)});
  EXPECT_EQ(window.Advance(3)->first_sequence(), 1u);
  EXPECT_EQ(window.Advance(4)->first_sequence(), 4u);
  EXPECT_EQ(window.Find(3), nullptr);
  EXPECT_EQ(window.Advance(7), nullptr);
  EXPECT_EQ(window.end(), 0u);
}

TEST(BacklogWindow, AHoleIsNotABlock) {
  TestLog log(1);
  const RecordBlockPtr first = log.NextBlock(3);
  log.NextBlock(3);
  BacklogWindow window;
  window.Add({first, log.NextBlock(3)});
  EXPECT_EQ(window.Find(5), nullptr);
  EXPECT_EQ(window.Advance(5), nullptr);
  EXPECT_EQ(window.Advance(7)->first_sequence(), 7u);
}

TEST(BacklogWindow, ABlockReadTwiceIsKeptOnce) {
  TestLog log(1);
  const RecordBlockPtr first = log.NextBlock(3);
  const RecordBlockPtr second = log.NextBlock(3);
  BacklogWindow window;
  window.Add({first, second});
  window.Add({second, log.NextBlock(3)});
  window.Advance(4);
  window.Advance(7);
  EXPECT_EQ(window.Find(5), nullptr);
  EXPECT_EQ(window.end(), 10u);
}

TEST(BacklogWindow, RunsLowBelowHalfAChunk) {
  TestLog log(1, BacklogWindow::kChunkBytes / 4);
  BacklogWindow window;
  EXPECT_TRUE(window.RunsLow());
  window.Add({log.NextBlock(1), log.NextBlock(1), log.NextBlock(1)});
  EXPECT_FALSE(window.RunsLow());
  window.Advance(3);
  EXPECT_TRUE(window.RunsLow());
  window.Clear();
  EXPECT_EQ(window.end(), 0u);
}

}  // namespace
}  // namespace sluice
