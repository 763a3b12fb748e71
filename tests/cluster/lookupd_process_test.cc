// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What `sluice-lookupd` promises to whoever starts and stops it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/lookup_process.h"

namespace sluice {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int kClean = 0;
constexpr int kFailure = 1;
constexpr int kUsage = 2;

int RunToEnd(LookupProcess& lookup) {
  EXPECT_TRUE(lookup.Launch().ok());
  return lookup.Wait();
}

TEST(LookupdProcess, ServesAndStopsCleanly) {
  LookupProcess lookup;
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    ASSERT_TRUE(lookup.Start().ok()) << lookup.standard_error();
    EXPECT_THAT(lookup.standard_error(),
                AllOf(HasSubstr(lookup.grpc_address()),
                      HasSubstr(lookup.http_address())));
    lookup.Kill(signal);
    EXPECT_EQ(lookup.Wait(), kClean) << lookup.standard_error();
  }
}

TEST(LookupdProcess, RefusesBadFlagsAndValues) {
  LookupProcess lookup({"--ping-intervall=1s"});
  EXPECT_EQ(RunToEnd(lookup), kUsage);
  EXPECT_EQ(lookup.standard_error(),
            "sluice-lookupd: --ping-intervall=1s: there is no such flag; did "
            "you mean --ping-interval?\n");
  lookup.set_flags({"--ping-interval=often"});
  EXPECT_EQ(RunToEnd(lookup), kUsage);
}

TEST(LookupdProcess, PrintsAndChecksItsConfiguration) {
  LookupProcess lookup({"--print-config", "--tombstone-lifetime=9s"});
  EXPECT_EQ(RunToEnd(lookup), kClean);
  EXPECT_THAT(lookup.standard_output(),
              HasSubstr("tombstone-lifetime = \"9s\"  # flag\n"));
  lookup.set_flags({"--check-config"});
  EXPECT_EQ(RunToEnd(lookup), kClean);
  lookup.set_flags({"--version"});
  EXPECT_EQ(RunToEnd(lookup), kClean);
  EXPECT_THAT(lookup.standard_output(), StartsWith("sluice-lookupd "));
}

TEST(LookupdProcess, NamesABusyPort) {
  LookupProcess first;
  ASSERT_TRUE(first.Start().ok()) << first.standard_error();
  for (const std::string& flag : {"--grpc-address=" + first.grpc_address(),
                                  "--http-address=" + first.http_address()}) {
    LookupProcess second({flag});
    EXPECT_EQ(RunToEnd(second), kFailure);
    EXPECT_THAT(second.standard_error(),
                AllOf(HasSubstr("sluice-lookupd: "),
                      HasSubstr(flag.substr(flag.rfind(':') + 1)),
                      HasSubstr(flag.substr(0, flag.find('=')))));
    EXPECT_FALSE(std::filesystem::exists(second.address_file()));
  }
}

}  // namespace
}  // namespace sluice
