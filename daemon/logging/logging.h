// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_LOGGING_LOGGING_H_
#define SLUICE_DAEMON_LOGGING_LOGGING_H_

#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "spdlog/formatter.h"

namespace sluice {

enum class LogFormat { kText, kJson };

// What --log-level and --log-format take.
std::vector<absl::string_view> LogLevelNames();
std::vector<absl::string_view> LogFormatNames();

// Sends everything that is logged through spdlog's default logger to stderr,
// from `level` (one of LogLevelNames()) on. At the start of main.
void SetUpLogging(absl::string_view level, LogFormat format);

// How a line looks. Text: `2026-05-17T09:30:00.123Z info  message`. JSON:
// `{"ts":"…","level":"info","msg":"…"}`. One line a message whatever it holds:
// control characters are escaped. Each message ends with a newline.
std::unique_ptr<spdlog::formatter> MakeLogFormatter(LogFormat format);

}  // namespace sluice

#endif  // SLUICE_DAEMON_LOGGING_LOGGING_H_
