// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/file_naming.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

absl::Time Noon() {
  return absl::FromCivil(absl::CivilSecond(2026, 11, 24, 12, 30, 0),
                         absl::LocalTimeZone());
}

FileNaming Naming(FileNaming::Options options) {
  options.host = "h";
  return *FileNaming::Create(options);
}

TEST(FileNaming, FillsInTopicHostAndTime) {
  const std::string stem = Naming({}).Stem("orders", Noon());
  EXPECT_EQ(stem, "orders.h<REV>.2026-11-24_12.log");
}

TEST(FileNaming, NumbersAllButTheFirstRevision) {
  EXPECT_EQ(FileNaming::WithRevision("a<REV>.log", 0), "a.log");
  EXPECT_EQ(FileNaming::WithRevision("a<REV>.log", 12), "a-000012.log");
}

TEST(FileNaming, PutsTheExtensionLast) {
  FileNaming::Options options;
  options.format = "<TOPIC><REV>";
  options.extension = ".gz";
  EXPECT_EQ(Naming(options).Stem("t", Noon()), "t<REV>.gz");
}

TEST(FileNaming, AllowsDirectories) {
  FileNaming::Options options;
  options.format = "<DATETIME>/<TOPIC><REV>";
  options.datetime_format = "%Y/%m";
  EXPECT_EQ(Naming(options).Stem("t", Noon()), "2026/11/t<REV>");
}

TEST(FileNaming, LetsNoTopicLeadOutOfTheDirectory) {
  FileNaming::Options options;
  options.format = "<TOPIC>/a<REV>";
  EXPECT_EQ(Naming(options).Stem("..", Noon()), "%2E%2E/a<REV>");
}

TEST(FileNaming, RefusesFormatsThatCannotWork) {
  for (const char* format : {"<TOPIC>.log", "<TOPIC><REV><SHARD>", "/tmp/<REV>",
                             "../<REV>", "a//<REV>", "<REV>/", "<REV", ""}) {
    FileNaming::Options options;
    options.format = format;
    EXPECT_EQ(FileNaming::Create(options).status().code(),
              absl::StatusCode::kInvalidArgument)
        << format;
  }
}

TEST(FileNaming, RefusesAHostThatIsAPath) {
  FileNaming::Options options;
  options.host = "a/b";
  EXPECT_FALSE(FileNaming::Create(options).ok());
}

}  // namespace
}  // namespace sluice
