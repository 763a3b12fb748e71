// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/latency_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<LatencyCommand> ParseFlags(std::vector<const char*> flags,
                                          std::string* help) {
  flags.insert(flags.begin(), "latency");
  return ParseLatencyCommand(static_cast<int>(flags.size()), flags.data(),
                             help);
}

absl::StatusOr<LatencyCommand> ParseFlags(std::vector<const char*> flags) {
  std::string help;
  return ParseFlags(std::move(flags), &help);
}

TEST(LatencyOptions, ReadsEveryFlag) {
  const auto command =
      ParseFlags({"--protocol=nsq-buffered", "--address=host:1", "--topic=t",
                  "--channel=c", "--rate=0.5", "--duration=1m", "--warm-up=0",
                  "--size=1000", "--server-pid=42"});
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->protocol, LatencyProtocol::kNsqBuffered);
  EXPECT_EQ(command->address, "host:1");
  EXPECT_EQ(command->topic, "t");
  EXPECT_EQ(command->channel, "c");
  EXPECT_EQ(command->run.rate, 0.5);
  EXPECT_EQ(command->run.duration, absl::Minutes(1));
  EXPECT_EQ(command->run.warm_up, absl::ZeroDuration());
  EXPECT_EQ(command->run.message_bytes, 1000u);
  EXPECT_EQ(command->server_pid, 42);
}

TEST(LatencyOptions, MeasuresOurOwnProtocolByDefault) {
  const auto command = ParseFlags({});
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->protocol, LatencyProtocol::kSluice);
}

TEST(LatencyOptions, RefusesWhatItDoesNotKnow) {
  EXPECT_FALSE(ParseFlags({"--protocol=http"}).ok());
  EXPECT_FALSE(ParseFlags({"--rate=0"}).ok());
  EXPECT_FALSE(ParseFlags({"--size=7"}).ok());
  EXPECT_FALSE(ParseFlags({"--duration=soon"}).ok());
  EXPECT_FALSE(ParseFlags({"--warm-up=-1s"}).ok());
}

TEST(LatencyOptions, PrintsHelp) {
  std::string help;
  EXPECT_TRUE(ParseFlags({"--help"}, &help).ok());
  EXPECT_THAT(help, HasSubstr("--warm-up"));
}

}  // namespace
}  // namespace sluice
