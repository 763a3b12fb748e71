// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/rocks_logger.h"

#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace sluice {
namespace {

constexpr absl::Duration kQuietRecovery = absl::Seconds(1);

constexpr char kRecovering[] = "Recovering log #";
// Many times a second when publishers outrun the disk, which is as it should
// be: they wait.
constexpr char kFullMemory[] = "immutable memtables (waiting for flush)";
// Said of every directory that is about to be made.
constexpr char kNewDirectory[] = "dir NotFound";

spdlog::level::level_enum SpdlogLevel(rocksdb::InfoLogLevel level) {
  switch (level) {
    case rocksdb::InfoLogLevel::WARN_LEVEL:
      return spdlog::level::warn;
    case rocksdb::InfoLogLevel::ERROR_LEVEL:
      return spdlog::level::err;
    case rocksdb::InfoLogLevel::FATAL_LEVEL:
      return spdlog::level::critical;
    default:
      return spdlog::level::info;
  }
}

}  // namespace

RocksLogger::RocksLogger(std::shared_ptr<spdlog::logger> logger, Clock& clock)
    : rocksdb::Logger(rocksdb::InfoLogLevel::INFO_LEVEL),
      logger_(std::move(logger)),
      clock_(clock),
      created_(clock.SteadyNow()) {}

void RocksLogger::RecoveryDone() {
  SetInfoLogLevel(rocksdb::InfoLogLevel::WARN_LEVEL);
}

void RocksLogger::Logv(rocksdb::InfoLogLevel level, const char* format,
                       va_list arguments) {
  if (logger_ == nullptr || level < GetInfoLogLevel()) return;
  const bool is_problem = level >= rocksdb::InfoLogLevel::WARN_LEVEL;
  if (!is_problem && clock_.SteadyNow() - created_ < kQuietRecovery) return;
  char line[512];
  std::vsnprintf(line, sizeof(line), format, arguments);
  const bool is_wanted = is_problem
                             ? !absl::StrContains(line, kFullMemory) &&
                                   !absl::StrContains(line, kNewDirectory)
                             : absl::StrContains(line, kRecovering);
  if (!is_wanted) return;
  logger_->log(SpdlogLevel(level), "rocksdb: {}", line);
}

void RocksLogger::LogHeader(const char* /*format*/, va_list /*arguments*/) {}

}  // namespace sluice
