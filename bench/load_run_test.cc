// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/load_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "bench/null_service.h"

namespace sluice {
namespace {

using ::testing::SizeIs;

class LoadRun : public ::testing::TestWithParam<bool> {
 protected:
  LoadRun() {
    NullServiceOptions options;
    options.address = "127.0.0.1:0";
    options.conversation.deliver_batch = 50;
    options.conversation.use_protobuf = GetParam();
    auto service = NullService::Start(options);
    EXPECT_TRUE(service.ok()) << service.status();
    service_ = *std::move(service);
    options_.address = absl::StrCat("127.0.0.1:", service_->port());
    options_.messages = 1000;
    options_.batch = 100;
    options_.server_pid = getpid();
  }

  std::unique_ptr<NullService> service_;
  LoadOptions options_;
};

TEST_P(LoadRun, PublishesWholeBatches) {
  options_.messages = 1001;
  options_.streams = 3;
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  ASSERT_THAT(*phases, SizeIs(1));
  EXPECT_EQ(phases->front().name, "publish");
  EXPECT_EQ(phases->front().published, 1100u);
  EXPECT_EQ(phases->front().published_bytes, 220000u);
  EXPECT_EQ(phases->front().consumed, 0u);
  EXPECT_GT(phases->front().seconds, 0);
  EXPECT_TRUE(phases->front().server.has_value());
}

TEST_P(LoadRun, PublishesSingleMessages) {
  options_.batch = 1;
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  EXPECT_EQ(phases->front().published, 1000u);
}

TEST_P(LoadRun, PublishesByUnaryCalls) {
  options_.unary = true;
  options_.streams = 2;
  options_.outstanding = 3;
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  EXPECT_EQ(phases->front().published, 1000u);
}

TEST_P(LoadRun, SharesConnectionsAmongStreams) {
  options_.streams = 5;
  options_.connections = 2;
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  EXPECT_EQ(phases->front().published, 1000u);
}

TEST_P(LoadRun, HoldsSubscriptionsOpen) {
  options_.mode = LoadMode::kHold;
  options_.messages = 0;
  options_.duration = absl::Milliseconds(50);
  options_.topics = 3;
  options_.channels = {"a", "b"};
  options_.connections = 1;
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  EXPECT_EQ(phases->front().name, "hold");
  EXPECT_EQ(phases->front().published, 0u);
  EXPECT_GE(phases->front().seconds, 0.05);
  EXPECT_GE(phases->front().server->threads, 1u);
}

TEST_P(LoadRun, PublishesUntilTheTimeIsUp) {
  options_.messages = 0;
  options_.duration = absl::Milliseconds(100);
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  EXPECT_GT(phases->front().published, 0u);
  EXPECT_GE(phases->front().seconds, 0.1);
}

TEST_P(LoadRun, ConsumesFromEveryChannel) {
  options_.mode = LoadMode::kConsume;
  options_.channels = {"a", "b"};
  options_.streams = 2;
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  ASSERT_THAT(*phases, SizeIs(1));
  EXPECT_GE(phases->front().consumed, 2000u);
  EXPECT_EQ(phases->front().consumed_bytes, phases->front().consumed * 200);
}

TEST_P(LoadRun, FinishesInSmallFramesWhenAsked) {
  options_.mode = LoadMode::kConsume;
  options_.finishes_per_frame = 7;
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  EXPECT_GE(phases->front().consumed, 1000u);
}

TEST_P(LoadRun, PreloadsBeforeItConsumes) {
  options_.mode = LoadMode::kConsume;
  options_.preload = true;
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  ASSERT_THAT(*phases, SizeIs(2));
  EXPECT_EQ(phases->front().name, "preload");
  EXPECT_EQ(phases->front().published, 1000u);
  EXPECT_EQ(phases->back().name, "consume");
}

TEST_P(LoadRun, DoesBothAtOnce) {
  options_.mode = LoadMode::kBoth;
  options_.messages = 0;
  options_.duration = absl::Milliseconds(100);
  const auto phases = RunLoad(options_);
  ASSERT_TRUE(phases.ok()) << phases.status();
  EXPECT_GT(phases->front().published, 0u);
  EXPECT_GT(phases->front().consumed, 0u);
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutProtobuf, LoadRun, ::testing::Bool());

TEST(LoadRunAlone, SaysThatNobodyAnswers) {
  LoadOptions options;
  options.address = "127.0.0.1:1";
  options.messages = 1;
  EXPECT_EQ(RunLoad(options).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace sluice
