// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/node_report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Node "a" announces an address, where a node of that id answers.
NodeReport Report(const std::string& answering_id) {
  NodeReport report;
  report.address = "host:4150";
  report.announced.set_node_id("a");
  v1::GetStatsResponse stats;
  stats.mutable_server()->set_node_id(answering_id);
  stats.mutable_server()->set_healthy(true);
  report.found = stats;
  return report;
}

TEST(NodeReport, FindsNothingWrongWithAHealthyNode) {
  const NodeVerdict verdict = Judge(Report("a"));
  EXPECT_EQ(verdict.state, "ok");
  EXPECT_THAT(verdict.problem, IsEmpty());
}

TEST(NodeReport, DetectsAnAddressThatLeadsToAnotherNode) {
  const NodeVerdict verdict = Judge(Report("b"));
  EXPECT_EQ(verdict.state, "wrong-address");
  EXPECT_THAT(verdict.problem,
              HasSubstr("node a announces host:4150, but node b answers"));
}

TEST(NodeReport, DetectsAnAddressThatLeadsNowhere) {
  NodeReport report = Report("a");
  report.found = absl::UnavailableError("no route");
  const NodeVerdict verdict = Judge(report);
  EXPECT_EQ(verdict.state, "unreachable");
  EXPECT_THAT(verdict.problem, HasSubstr("--broadcast-address"));
  EXPECT_THAT(verdict.problem, HasSubstr("no route"));
}

TEST(NodeReport, TellsWhatStateANodeIsIn) {
  NodeReport report = Report("a");
  report.found->mutable_server()->set_healthy(false);
  report.found->mutable_server()->set_unhealthy_reason("disk broken");
  EXPECT_EQ(Judge(report).state, "unhealthy");
  EXPECT_THAT(Judge(report).problem, HasSubstr("disk broken"));
  report.found->mutable_server()->set_draining(true);
  EXPECT_EQ(Judge(report).state, "draining");
}

}  // namespace
}  // namespace sluice
