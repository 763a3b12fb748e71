// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/load_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

LoadPhase Example() {
  LoadPhase phase;
  phase.name = "both";
  phase.seconds = 2;
  phase.published = 4000000;
  phase.published_bytes = 800000000;
  phase.consumed = 3000000;
  phase.consumed_bytes = 600000000;
  phase.server = ProcessUsage();
  phase.server->cpu_seconds = 6;
  return phase;
}

TEST(LoadReport, GivesRatesInJson) {
  const auto json = nlohmann::json::parse(LoadReportAsJson({Example()}));
  const auto& phase = json["phases"][0];
  EXPECT_EQ(phase["name"], "both");
  EXPECT_EQ(phase["published"]["messages_per_second"], 2e6);
  EXPECT_EQ(phase["published"]["megabytes_per_second"], 400);
  EXPECT_EQ(phase["consumed"]["messages_per_second"], 1.5e6);
  EXPECT_EQ(phase["server"]["cpu_seconds_per_million"], 1.5);
}

TEST(LoadReport, LeavesOutWhatWasNotDone) {
  LoadPhase phase = Example();
  phase.consumed = 0;
  phase.server.reset();
  const auto json = nlohmann::json::parse(LoadReportAsJson({phase}));
  EXPECT_FALSE(json["phases"][0].contains("consumed"));
  EXPECT_FALSE(json["phases"][0].contains("server"));
  EXPECT_THAT(LoadReportAsText({phase}), Not(HasSubstr("consumed")));
}

TEST(LoadReport, CanBeRead) {
  const std::string text = LoadReportAsText({Example()});
  EXPECT_THAT(text, HasSubstr("both: 2.000 s"));
  EXPECT_THAT(text, HasSubstr("2000000 /s"));
  EXPECT_THAT(text, HasSubstr("1.500 s per million"));
}

TEST(LoadReport, OfNoTimeAtAllHasNoRate) {
  EXPECT_EQ(LoadPhase().published_per_second(), 0);
  EXPECT_EQ(LoadPhase().server_cpu_seconds_per_million(), 0);
}

}  // namespace
}  // namespace sluice
