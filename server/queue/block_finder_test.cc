// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/block_finder.h"

#include "gtest/gtest.h"
#include "server/queue/fake_node.h"

namespace sluice {
namespace {

TEST(BlockFinder, FindsMessagesInMemoryAndOnDiskInAnyOrder) {
  FakeNode node;
  const auto log = node.MakeLog();
  node.Append(*log, {"1", "2"}, LogTail::Placement::kCached);
  node.Append(*log, {"3", "4"}, LogTail::Placement::kCached);
  log->tail().EvictCached(1);
  BlockFinder finder(*log, node.store);
  for (const Sequence sequence : {4, 1, 3, 2, 2, 4}) {
    const auto block = finder.Find(sequence);
    ASSERT_TRUE(block.ok()) << block.status();
    ASSERT_NE(*block, nullptr) << sequence;
    EXPECT_EQ((*block)->body(
                  static_cast<uint32_t>(sequence - (*block)->first_sequence())),
              std::to_string(sequence));
  }
}

TEST(BlockFinder, ReadsAStretchOfTheLogOnce) {
  FakeNode node;
  const auto log = node.MakeLog();
  for (int i = 0; i < 50; ++i) {
    node.Append(*log, {"x"}, LogTail::Placement::kCached);
  }
  for (Sequence i = 1; i <= 50; ++i) log->tail().EvictCached(i);
  BlockFinder finder(*log, node.store);
  for (Sequence i = 1; i <= 50; ++i) ASSERT_NE(*finder.Find(i), nullptr);
  EXPECT_EQ(node.store.reads(), 1);
}

TEST(BlockFinder, WhatIsGoneIsNull) {
  FakeNode node;
  const auto log = node.MakeLog();
  node.Append(*log, {"1"}, LogTail::Placement::kQueued);
  log->tail().Trim(2);
  BlockFinder finder(*log, node.store);
  const auto block = finder.Find(1);
  ASSERT_TRUE(block.ok());
  EXPECT_EQ(*block, nullptr);
}

TEST(BlockFinder, SaysThatAReadFailed) {
  FakeNode node;
  const auto log = node.MakeLog();
  node.Append(*log, {"1"}, LogTail::Placement::kCached);
  log->tail().EvictCached(1);
  node.store.FailReads(1);
  BlockFinder finder(*log, node.store);
  EXPECT_FALSE(finder.Find(1).ok());
}

}  // namespace
}  // namespace sluice
