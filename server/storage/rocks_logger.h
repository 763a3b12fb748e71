// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_ROCKS_LOGGER_H_
#define SLUICE_SERVER_STORAGE_ROCKS_LOGGER_H_

#include <cstdarg>
#include <memory>

#include "base/clock.h"
#include "rocksdb/env.h"
#include "spdlog/logger.h"

namespace sluice {

// Sends RocksDB's info log into the node's log instead of LOG files in the data
// directory. Warnings and worse pass. While the database opens, progress of the
// recovery passes too once it takes longer than a second. Thread-safe.
class RocksLogger final : public rocksdb::Logger {
 public:
  // `logger` may be null: then nothing is logged.
  RocksLogger(std::shared_ptr<spdlog::logger> logger, Clock& clock);

  // The database is open; from now on only warnings pass.
  void RecoveryDone();

  using rocksdb::Logger::Logv;
  void Logv(rocksdb::InfoLogLevel level, const char* format,
            va_list arguments) override;
  // The options, one a line: not for the node's log.
  void LogHeader(const char* format, va_list arguments) override;

 private:
  const std::shared_ptr<spdlog::logger> logger_;
  Clock& clock_;
  const SteadyTime created_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_ROCKS_LOGGER_H_
