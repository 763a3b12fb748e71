// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/log_samples.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/queue/fake_node.h"

namespace sluice {
namespace {

class LogSamplesTest : public testing::Test {
 protected:
  // A block of `messages`, published at `second`.
  void Append(uint32_t messages, int64_t second) {
    auto block = MakeBlock(std::vector<std::string>(messages, "x"),
                           absl::FromUnixSeconds(second));
    log_->Number(block.get());
    StoreBatch batch;
    batch.blocks.push_back({log_->id(), std::move(block)});
    node_.store.Append(std::move(batch), [](absl::Status) {});
  }
  LogSamples Sample(uint64_t most) {
    return SampleLog(node_.store, log_->id(), most).value();
  }
  static int64_t Nanos(int64_t second) { return second * 1'000'000'000; }

  FakeNode node_;
  std::shared_ptr<TopicLog> log_ = node_.MakeLog();
};

TEST_F(LogSamplesTest, AnEmptyLogHasNone) {
  EXPECT_TRUE(Sample(10).samples.empty());
  EXPECT_EQ(Sample(10).newest, 0);
}

TEST_F(LogSamplesTest, AShortLogIsSampledWhole) {
  Append(2, 100);
  Append(1, 200);
  const LogSamples found = Sample(10);
  ASSERT_EQ(found.samples.size(), 2u);
  EXPECT_EQ(found.samples[0].sequence, 1u);
  EXPECT_EQ(found.samples[0].published_until, Nanos(100));
  EXPECT_EQ(found.samples[1].sequence, 3u);
  EXPECT_GT(found.samples[1].offset, 0u);
  EXPECT_EQ(found.newest, Nanos(200));
}

TEST_F(LogSamplesTest, ALongLogIsReadHereAndThereAndAtItsEnd) {
  for (int i = 1; i <= 1000; ++i) Append(3, i);
  const int reads = node_.store.reads();
  const LogSamples found = Sample(10);
  EXPECT_LE(node_.store.reads() - reads, 10);
  ASSERT_EQ(found.samples.size(), 10u);
  EXPECT_EQ(found.samples.back().sequence, 2998u);
  EXPECT_EQ(found.newest, Nanos(1000));
}

TEST_F(LogSamplesTest, AClockThatWentBackMakesNothingOlderThanItIs) {
  Append(1, 500);
  Append(1, 100);
  const LogSamples found = Sample(10);
  EXPECT_EQ(found.samples[1].published_until, Nanos(500));
  EXPECT_EQ(found.newest, Nanos(500));
}

TEST_F(LogSamplesTest, ABlockThatCannotBeReadIsSteppedOver) {
  Append(1, 100);
  Append(1, 200);
  node_.store.FailReads(1);
  const LogSamples found = Sample(2);
  ASSERT_EQ(found.samples.size(), 1u);
  EXPECT_EQ(found.newest, Nanos(200));
  node_.store.FailReads(2);
  EXPECT_FALSE(SampleLog(node_.store, log_->id(), 2).ok());
}

}  // namespace
}  // namespace sluice
