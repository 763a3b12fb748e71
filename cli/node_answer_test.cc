// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/node_answer.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Outcome {
  ExitCode code;
  std::string error;
};

Outcome Report(
    const std::vector<std::pair<std::string, absl::Status>>& statuses) {
  testing::internal::CaptureStderr();
  const ExitCode code = ReportFailures(statuses, true);
  return {code, testing::internal::GetCapturedStderr()};
}

TEST(ReportFailures, IsQuietWhenAllIsWell) {
  const Outcome outcome = Report({{"a", absl::OkStatus()}});
  EXPECT_EQ(outcome.code, ExitCode::kOk);
  EXPECT_THAT(outcome.error, IsEmpty());
}

TEST(ReportFailures, NamesEachServerThatFailed) {
  const Outcome outcome = Report({{"a", absl::OkStatus()},
                                  {"b", absl::UnavailableError("away")},
                                  {"c", absl::InternalError("broken")}});
  EXPECT_EQ(outcome.code, ExitCode::kUnavailable);
  EXPECT_THAT(outcome.error, HasSubstr("sluice: b: away\n"));
  EXPECT_THAT(outcome.error, HasSubstr("sluice: c: broken\n"));
}

TEST(ReportFailures, LetsOneServerNotKnowWhatAnotherDoes) {
  const Outcome outcome =
      Report({{"a", absl::NotFoundError("none")}, {"b", absl::OkStatus()}});
  EXPECT_EQ(outcome.code, ExitCode::kOk);
  EXPECT_THAT(outcome.error, IsEmpty());
}

TEST(ReportFailures, FindsNothingWhereNobodyDoes) {
  EXPECT_EQ(Report({{"a", absl::NotFoundError("none")},
                    {"b", absl::NotFoundError("none")}})
                .code,
            ExitCode::kNotFound);
}

}  // namespace
}  // namespace sluice
