// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What goes in through `sluice pub` comes out of `sluice sub` and `sluice
// tail`, byte for byte and no more than asked for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "tests/cli/cli_test_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class PubSub : public CliTest {};

TEST_F(PubSub, TakesLinesAndSkipsEmptyOnes) {
  MakeChannel();
  EXPECT_EQ(Run({"pub", topic_}, "a\n\nb\nlast").code, kOk);
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "3"}).output, "a\nb\nlast\n");
}

TEST_F(PubSub, TakesTexts) {
  MakeChannel();
  EXPECT_EQ(
      Run({"pub", topic_, "-m", "[1,2]", "{}", "-m", "", "--message=-x"}).code,
      kOk);
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "4"}).output, "[1,2]\n{}\n\n-x\n");
}

TEST_F(PubSub, TakesAFile) {
  MakeChannel();
  const std::string path = testing::TempDir() + "/pub_sub_test.txt";
  std::ofstream(path) << "from\na file\n";
  EXPECT_EQ(Run({"pub", topic_, "-f", path}).code, kOk);
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "2"}).output, "from\na file\n");
}

TEST_F(PubSub, ReturnsRandomBytesAsTheyWere) {
  MakeChannel();
  std::mt19937 random(1);
  std::string bytes(1 << 20, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  bytes += '\0';
  EXPECT_EQ(Run({"pub", topic_, "--null", "--keep-empty"}, bytes).code, kOk);
  const auto records = std::count(bytes.begin(), bytes.end(), '\0');
  const CliResult sub =
      Run({"sub", topic_, "c", "--null", "-n", absl::StrCat(records)});
  EXPECT_EQ(sub.code, kOk);
  EXPECT_TRUE(sub.output == bytes);
}

TEST_F(PubSub, ReturnsManyMessagesInOrder) {
  MakeChannel();
  std::string lines;
  for (int i = 0; i < 50000; ++i) absl::StrAppend(&lines, "message ", i, "\n");
  EXPECT_EQ(Run({"pub", topic_}, lines).code, kOk);
  EXPECT_TRUE(Run({"sub", topic_, "c", "-n", "50000"}).output == lines);
}

TEST_F(PubSub, TakesAllOfTheInputAsOneMessageWithAnEmptyDelimiter) {
  MakeChannel();
  EXPECT_EQ(Run({"pub", topic_, "--delimiter="}, "a\nb\n").code, kOk);
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "1", "--delimiter="}).output,
            "a\nb\n");
}

TEST_F(PubSub, TakesExactlyAsManyAsAskedFor) {
  MakeChannel();
  std::string lines;
  for (int i = 0; i < 6000; ++i) absl::StrAppend(&lines, i, "\n");
  ASSERT_EQ(Run({"pub", topic_}, lines).code, kOk);
  std::string taken;
  for (const char* count : {"1", "2500", "7", "2501", "0", "991"}) {
    const CliResult sub = Run({"sub", topic_, "c", "-n", count});
    EXPECT_EQ(sub.code, kOk);
    taken += sub.output;
  }
  EXPECT_TRUE(taken == lines);
  EXPECT_TRUE(WaitForStats("\"requeueCount\":\"0\""));
}

TEST_F(PubSub, TimesOutWhenThereIsNotEnough) {
  MakeChannel();
  ASSERT_EQ(Run({"pub", topic_, "-m", "only"}).code, kOk);
  const CliResult sub = Run({"sub", topic_, "c", "-n", "2", "--timeout=500ms"});
  EXPECT_EQ(sub.code, kUnavailable);
  EXPECT_EQ(sub.output, "only\n");
  EXPECT_THAT(sub.error, HasSubstr("timed out after 1 of 2 messages"));
  EXPECT_TRUE(WaitForStats("\"finishCount\":\"1\""));
}

TEST_F(PubSub, WritesDeliveriesAsJsonLines) {
  MakeChannel();
  ASSERT_EQ(Run({"pub", topic_, "-m", "hi", "-a", "key=value=more"}).code, kOk);
  const CliResult sub = Run({"sub", topic_, "c", "-n", "1", "--output=jsonl"});
  const auto delivery = nlohmann::json::parse(sub.output);
  EXPECT_EQ(delivery["messageId"], "1");
  EXPECT_EQ(delivery["attempts"], 1);
  EXPECT_EQ(delivery["body"], "aGk=");
  EXPECT_EQ(delivery["attributes"]["key"], "value=more");
}

TEST_F(PubSub, GivesMessagesBackWithRequeue) {
  MakeChannel();
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b"}).code, kOk);
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "2", "--requeue"}).output, "a\nb\n");
  const CliResult again =
      Run({"sub", topic_, "c", "-n", "2", "--output=jsonl"});
  EXPECT_THAT(again.output, HasSubstr("\"attempts\":2"));
}

TEST_F(PubSub, SendsASlowInputAsItComes) {
  MakeChannel();
  SluiceProcess::Options options = With({"pub", topic_});
  options.open_input = true;
  SluiceProcess pub(std::move(options));
  SluiceProcess sub(With({"sub", topic_, "c", "-n", "2"}));
  pub.WriteInput("first\nsec");
  EXPECT_TRUE(sub.WaitForOutput("first\n"));
  pub.WriteInput("ond\n");
  EXPECT_EQ(sub.Wait(), kOk);
  EXPECT_EQ(sub.output(), "first\nsecond\n");
  pub.CloseInput();
  EXPECT_EQ(pub.Wait(), kOk);
}

TEST_F(PubSub, NamesTheRecordThatIsTooLarge) {
  MakeChannel();
  const std::string large(1100000, 'x');
  const CliResult pub = Run({"pub", topic_}, "small\n" + large + "\n");
  EXPECT_EQ(pub.code, kUsage);
  EXPECT_THAT(pub.error, StartsWith("sluice: record 2: "));
  EXPECT_THAT(pub.error, HasSubstr("[MESSAGE_TOO_LARGE]"));
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "1"}).output, "small\n");
}

TEST_F(PubSub, PublishesNothingWithoutInput) {
  EXPECT_EQ(Run({"pub", topic_}, "\n\n").code, kOk);
  EXPECT_EQ(Run({"topic", "info", topic_}).code, kNotFound);
}

TEST_F(PubSub, HoldsTheRateAskedFor) {
  const absl::Time start = absl::Now();
  EXPECT_EQ(Run({"pub", topic_, "--rate=10"}, "1\n2\n3\n4\n5\n6\n").code, kOk);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(490));
}

TEST_F(PubSub, SaysWhatItDidOnRequestOnly) {
  EXPECT_EQ(Run({"pub", topic_, "-m", "a"}).error, "");
  EXPECT_THAT(Run({"pub", topic_, "-m", "a", "-v"}).error,
              StartsWith("sluice: published 1 message to " + topic_));
}

TEST_F(PubSub, TailsWithoutTakingAnythingAway) {
  MakeChannel();
  SluiceProcess tail(With({"tail", topic_, "-n", "2"}));
  // What was published before it came is not its concern.
  ASSERT_TRUE(WaitForStats("#ephemeral"));
  ASSERT_EQ(Run({"pub", topic_, "-m", "a", "b", "c"}).code, kOk);
  EXPECT_EQ(tail.Wait(), kOk);
  EXPECT_EQ(tail.output(), "a\nb\n");
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "3"}).output, "a\nb\nc\n");
}

}  // namespace
}  // namespace sluice
