// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/grpc_log.h"

#include <memory>
#include <sstream>

#include "gmock/gmock.h"
#include "grpc/grpc.h"
#include "grpc/support/log.h"
#include "gtest/gtest.h"
#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

TEST(GrpcLog, ErrorsAppearInTheProgramsLog) {
  const std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  std::ostringstream out;
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(out)));
  RouteGrpcLog();
  grpc_init();  // reads its own log level; before that it logs nothing
  gpr_log(GPR_ERROR, "%s", "it broke");
  EXPECT_THAT(out.str(), testing::HasSubstr("grpc: it broke"));
  EXPECT_THAT(out.str(), testing::HasSubstr("error"));
  grpc_shutdown();
  spdlog::set_default_logger(before);
}

TEST(GrpcLog, TellsThatNoMoreConnectionsAreAccepted) {
  RouteGrpcLog();
  grpc_init();
  gpr_log(GPR_ERROR, "%s", "Failed accept: not that");
  EXPECT_TRUE(ListenerHealth().ok());
  gpr_log(GPR_ERROR, "%s", "Failed accept4: Too many open files");
  EXPECT_EQ(ListenerHealth().code(), absl::StatusCode::kUnavailable);
  grpc_shutdown();
}

}  // namespace
}  // namespace sluice
