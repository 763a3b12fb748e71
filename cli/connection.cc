// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/connection.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "base/version.h"
#include "client/grpc_status.h"
#include "grpc/support/log.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace sluice {
namespace {

// Above any answer that a node sends: one frame holds a batch, and its limit
// can be raised.
constexpr int kMaxReceiveBytes = 64 << 20;

grpc::ChannelArguments ChannelArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix(absl::StrCat("sluice-cli/", kVersion));
  arguments.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  arguments.SetMaxSendMessageSize(-1);
  // A quiet subscription must notice a node that vanished.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Nodes are neighbours; a proxy meant for the web is not on the way.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

}  // namespace

Connection::Connection(const std::string& address, const Settings& settings)
    : address_(address),
      call_timeout_(settings.timeout.value_or(kDefaultCallTimeout)) {
  // Errors are ours to report; gRPC's log is for who asks for it.
  if (std::getenv("GRPC_VERBOSITY") == nullptr) {
    gpr_set_log_function([](gpr_log_func_args*) {});
  }
  channel_ = grpc::CreateCustomChannel(
      address_, grpc::InsecureChannelCredentials(), ChannelArguments());
}

void Connection::SetDeadline(grpc::ClientContext* context) const {
  context->set_deadline(absl::ToChronoTime(absl::Now() + call_timeout_));
}

absl::Status Connection::ToStatus(const grpc::Status& status) const {
  const absl::Status result = FromGrpcStatus(status);
  if (result.ok() || !ErrorReason(result).empty()) return result;
  switch (result.code()) {
    case absl::StatusCode::kUnavailable:
      return absl::UnavailableError(
          absl::StrCat("no connection to ", address_, ": ", result.message()));
    case absl::StatusCode::kDeadlineExceeded:
      return absl::DeadlineExceededError(
          absl::StrCat("no answer from ", address_, " within ",
                       absl::FormatDuration(call_timeout_)));
    case absl::StatusCode::kUnimplemented:
      return absl::UnimplementedError(
          absl::StrCat(address_, " does not offer this: ", result.message()));
    default:
      return result;
  }
}

}  // namespace sluice
