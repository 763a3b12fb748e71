// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/address_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice {
namespace {

TEST(AddressFile, HoldsBothAddressesAndReplacesAnOlderOne) {
  const std::string path = ::testing::TempDir() + "/addresses";
  std::ofstream(path) << "old and longer than what comes next, by far and away";
  ASSERT_TRUE(WriteAddressFile(path, {"127.0.0.1", 4150}, {"::1", 4151}).ok());
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}),
            "{\"grpc\":\"127.0.0.1:4150\",\"http\":\"[::1]:4151\"}\n");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(AddressFile, SaysWhichPathCannotBeWritten) {
  const absl::Status status = WriteAddressFile(
      "/does/not/exist/addresses", {"127.0.0.1", 1}, {"127.0.0.1", 2});
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()),
              ::testing::HasSubstr("/does/not/exist/addresses"));
}

}  // namespace
}  // namespace sluice
