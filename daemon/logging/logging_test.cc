// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/logging/logging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "nlohmann/json.hpp"
#include "spdlog/details/log_msg.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Line(LogFormat format, spdlog::level::level_enum level,
                 const std::string& text) {
  const spdlog::log_clock::time_point time(std::chrono::milliseconds(1500));
  spdlog::memory_buf_t buffer;
  MakeLogFormatter(format)->format(
      spdlog::details::log_msg(time, spdlog::source_loc(), "test", level, text),
      buffer);
  return std::string(buffer.data(), buffer.size());
}

TEST(Logging, ATextLineHasTimeLevelAndMessage) {
  EXPECT_EQ(Line(LogFormat::kText, spdlog::level::info, "hello"),
            "1970-01-01T00:00:01.500Z info  hello\n");
  EXPECT_EQ(Line(LogFormat::kText, spdlog::level::err, "oh"),
            "1970-01-01T00:00:01.500Z error oh\n");
}

TEST(Logging, AMessageCannotStartALineOfItsOwn) {
  EXPECT_THAT(Line(LogFormat::kText, spdlog::level::info, "a\nb\x1b[0m"),
              EndsWith("a\\nb\\x1b[0m\n"));
}

TEST(Logging, AJsonLineIsOneObject) {
  const std::string text =
      "quote \" backslash \\ newline \n tab \t caf\xc3\xa9";
  const std::string line = Line(LogFormat::kJson, spdlog::level::warn, text);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["ts"], "1970-01-01T00:00:01.500Z");
  EXPECT_EQ(json["level"], "warn");
  EXPECT_EQ(json["msg"], text);
  EXPECT_EQ(json.size(), 3u);
}

TEST(Logging, BytesThatAreNoUtf8DoNotBreakTheJson) {
  const auto json = nlohmann::json::parse(
      Line(LogFormat::kJson, spdlog::level::info, "a\xff\xfe z"));
  EXPECT_THAT(json["msg"].get<std::string>(), HasSubstr(" z"));
}

TEST(Logging, WritesToStderrFromTheLevelOn) {
  ::testing::internal::CaptureStderr();
  SetUpLogging("warn", LogFormat::kText);
  spdlog::info("quiet");
  spdlog::warn("loud");
  const std::string written = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(written, HasSubstr("warn  loud\n"));
  EXPECT_THAT(written, Not(HasSubstr("quiet")));
}

}  // namespace
}  // namespace sluice
