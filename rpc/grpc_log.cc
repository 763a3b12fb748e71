// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/grpc_log.h"

#include <atomic>

#include "absl/strings/match.h"
#include "grpc/support/log.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

spdlog::level::level_enum LevelOf(gpr_log_severity severity) {
  switch (severity) {
    case GPR_LOG_SEVERITY_DEBUG:
      return spdlog::level::debug;
    case GPR_LOG_SEVERITY_INFO:
      return spdlog::level::info;
    case GPR_LOG_SEVERITY_ERROR:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::atomic<bool> listener_is_lost{false};

void Log(gpr_log_func_args* args) {
  if (absl::StartsWith(args->message, "Failed accept4")) {
    listener_is_lost = true;
  }
  spdlog::log(LevelOf(args->severity), "grpc: {}", args->message);
}

}  // namespace

void RouteGrpcLog() { gpr_set_log_function(&Log); }

absl::Status ListenerHealth() {
  if (!listener_is_lost) return absl::OkStatus();
  return absl::UnavailableError(
      "gRPC takes no more connections since one could not be accepted: restart "
      "the process, and let it open more files (ulimit -n)");
}

}  // namespace sluice
