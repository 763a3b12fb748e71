// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/process_usage.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <ctime>

namespace sluice {
namespace {

TEST(ProcessUsage, OfThisProcessGrowsAsItWorks) {
  const auto before = ReadProcessUsage(getpid());
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_GT(before->rss_bytes, 0u);
  EXPECT_GE(before->peak_rss_bytes, before->rss_bytes);

  const std::clock_t start = std::clock();
  while (std::clock() - start < CLOCKS_PER_SEC / 10) {
  }

  const auto after = ReadProcessUsage(getpid());
  ASSERT_TRUE(after.ok()) << after.status();
  const ProcessUsage used = after->Since(*before);
  EXPECT_GE(used.cpu_seconds, 0.05);
  EXPECT_LT(used.cpu_seconds, 5);
  EXPECT_EQ(used.rss_bytes, after->rss_bytes);
}

TEST(ProcessUsage, OfNoProcessIsNotFound) {
  EXPECT_EQ(ReadProcessUsage(999999999).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sluice
