// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;

BenchResult Result() {
  BenchResult result;
  result.what = "published";
  result.messages = 1000;
  result.bytes = 2 << 20;
  result.time = absl::Seconds(2);
  return result;
}

TEST(BenchReport, HasRates) {
  const std::string text =
      BenchTable({Result()}, NumberStyle::kPlain).Text(false);
  EXPECT_THAT(text, HasSubstr("published      1000       0     2.00         500"
                              "    1.0       -"));
  const auto object = nlohmann::json::parse(BenchJson(Result()));
  EXPECT_EQ(object["messagesPerSecond"], 500);
  EXPECT_FALSE(object.contains("latency"));
}

TEST(BenchReport, HasLatenciesWhereThereAreSome) {
  BenchResult result = Result();
  result.timed = 10;
  result.p99 = absl::Microseconds(1500);
  EXPECT_THAT(BenchTable({result}, NumberStyle::kHuman).Text(false),
              HasSubstr("1.50"));
  EXPECT_EQ(nlohmann::json::parse(BenchJson(result))["latency"]["p99"], 0.0015);
}

}  // namespace
}  // namespace sluice
