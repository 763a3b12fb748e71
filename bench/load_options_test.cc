// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/load_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::StatusOr<LoadOptions> ParseFlags(std::vector<const char*> flags,
                                       std::string* help) {
  flags.insert(flags.begin(), "load");
  return ParseLoadOptions(static_cast<int>(flags.size()), flags.data(), help);
}

absl::StatusOr<LoadOptions> ParseFlags(std::vector<const char*> flags) {
  std::string help;
  return ParseFlags(std::move(flags), &help);
}

TEST(LoadOptions, ReadsEveryFlag) {
  const auto options = ParseFlags(
      {"consume", "--address=host:1", "--topic=orders", "--channels=a,b",
       "--messages=1001", "--duration=1m30s", "--size=10", "--batch=10",
       "--streams=3", "--outstanding=4", "--durability=os", "--ready=7",
       "--finish-batch=5", "--preload", "--connections=2", "--unary",
       "--server-pid=42", "--output=json"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->mode, LoadMode::kConsume);
  EXPECT_EQ(options->address, "host:1");
  EXPECT_EQ(options->topic, "orders");
  EXPECT_THAT(options->channels, ElementsAre("a", "b"));
  EXPECT_EQ(options->messages, 1001u);
  EXPECT_EQ(options->batches(), 101u);
  EXPECT_EQ(options->duration, absl::Seconds(90));
  EXPECT_EQ(options->message_bytes, 10u);
  EXPECT_EQ(options->batch, 10);
  EXPECT_EQ(options->streams, 3);
  EXPECT_EQ(options->outstanding, 4);
  EXPECT_EQ(options->durability, v1::DURABILITY_OS);
  EXPECT_EQ(options->ready, 7u);
  EXPECT_EQ(options->finishes_per_frame, 5u);
  EXPECT_TRUE(options->preload);
  EXPECT_EQ(options->connections, 2);
  EXPECT_TRUE(options->unary);
  EXPECT_EQ(options->server_pid, 42);
  EXPECT_TRUE(options->json);
}

TEST(LoadOptions, LeavesTheDurabilityToTheTopicByDefault) {
  const auto options = ParseFlags({"publish", "--messages=1"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->durability, v1::DURABILITY_UNSPECIFIED);
}

TEST(LoadOptions, MayMakeNoChannelWhenNothingIsConsumed) {
  const auto options = ParseFlags({"publish", "--messages=1", "--no-channel"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_THAT(options->channels, IsEmpty());
  EXPECT_FALSE(ParseFlags({"consume", "--messages=1", "--no-channel"}).ok());
}

TEST(LoadOptions, RefusesARunWithoutAnEnd) {
  EXPECT_THAT(ParseFlags({"publish"}).status().message(),
              HasSubstr("--messages"));
}

TEST(LoadOptions, RefusesAPreloadWithoutACount) {
  EXPECT_FALSE(ParseFlags({"consume", "--preload", "--duration=1s"}).ok());
  EXPECT_FALSE(ParseFlags({"both", "--preload", "--messages=1"}).ok());
}

TEST(LoadOptions, HoldsManyTopicsForATime) {
  const auto options =
      ParseFlags({"hold", "--topics=1000", "--duration=10s", "--channels=a,b"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->mode, LoadMode::kHold);
  EXPECT_EQ(options->topics, 1000);
  EXPECT_FALSE(ParseFlags({"hold", "--messages=1"}).ok());
  EXPECT_FALSE(ParseFlags({"publish", "--messages=1", "--topics=2"}).ok());
}

TEST(LoadOptions, RefusesWhatItDoesNotKnow) {
  EXPECT_FALSE(ParseFlags({"publish", "--messages=1", "--nonsense"}).ok());
  EXPECT_FALSE(ParseFlags({"swallow", "--messages=1"}).ok());
  EXPECT_FALSE(ParseFlags({"publish", "--duration=soon"}).ok());
  EXPECT_FALSE(ParseFlags({"publish", "--messages=1", "--batch=0"}).ok());
}

TEST(LoadOptions, PrintsHelp) {
  std::string help;
  EXPECT_TRUE(ParseFlags({"--help"}, &help).ok());
  EXPECT_THAT(help, HasSubstr("--finish-batch"));
}

}  // namespace
}  // namespace sluice
