// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output_format.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(OutputFormat, IsKnownByName) {
  EXPECT_EQ(ParseOutputFormat("table").value(), OutputFormat::kTable);
  EXPECT_EQ(ParseOutputFormat("jsonl").value(), OutputFormat::kJsonl);
  EXPECT_FALSE(ParseOutputFormat("JSON").ok());
  EXPECT_FALSE(ParseOutputFormat("").ok());
}

TEST(OutputFormat, IsTheFirstAllowedUnlessAskedFor) {
  EXPECT_EQ(ChooseFormat(std::nullopt, false,
                         {OutputFormat::kRaw, OutputFormat::kJsonl})
                .value(),
            OutputFormat::kRaw);
  EXPECT_EQ(ChooseFormat(OutputFormat::kJsonl, true,
                         {OutputFormat::kRaw, OutputFormat::kJsonl})
                .value(),
            OutputFormat::kJsonl);
}

TEST(OutputFormat, OfAnotherVerbIsRefusedOnTheCommandLineOnly) {
  EXPECT_EQ(
      ChooseFormat(OutputFormat::kTable, false, {OutputFormat::kRaw}).value(),
      OutputFormat::kRaw);
  EXPECT_EQ(ChooseFormat(OutputFormat::kTable, true, {OutputFormat::kRaw})
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sluice
