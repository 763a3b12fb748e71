// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/server_builder_options.h"

#include <climits>
#include <cstddef>

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(ServerBuilderOptions, TheReceiveLimitIsWellAboveTheLargestBatch) {
  for (const size_t batch : {size_t{1}, size_t{5} << 20, size_t{100} << 20}) {
    EXPECT_GE(MaxReceiveBytes(batch), static_cast<int>(2 * batch));
  }
}

TEST(ServerBuilderOptions, TheReceiveLimitStaysAnInt) {
  EXPECT_EQ(MaxReceiveBytes(size_t{2} << 30), INT_MAX);
}

}  // namespace
}  // namespace sluice
