// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/lookup_rpc_server.h"

#include <utility>

#include "base/status_macros.h"

namespace sluice {
namespace {

// The largest request is a node's presentation.
constexpr size_t kMaxRequestBytes = 64 << 10;

// Calls end by themselves in less.
constexpr absl::Duration kStopGrace = absl::Seconds(2);

}  // namespace

absl::StatusOr<std::unique_ptr<LookupRpcServer>> LookupRpcServer::Start(
    const std::string& address, absl::Duration ping_interval,
    LookupRegistry& registry, Expiry& expiry) {
  std::unique_ptr<LookupRpcServer> server(
      new LookupRpcServer(registry, expiry));
  server->context_.ping_interval = ping_interval;
  GrpcServerOptions options;
  options.address = address;
  options.transport.max_batch_bytes = kMaxRequestBytes;
  SLUICE_RETURN_IF_ERROR(
      server->grpc_.Listen(options, {server->lookup_.service()}));
  server->lookup_.Start(server->grpc_.threads());
  server->grpc_.Serve();
  return server;
}

LookupRpcServer::LookupRpcServer(LookupRegistry& registry, Expiry& expiry)
    : context_(registry, expiry),
      lookup_(context_),
      grpc_({v1::LookupService::service_full_name()}, context_.live_calls,
            context_.draining) {}

void LookupRpcServer::BeginDrain() {
  if (!context_.draining.exchange(true)) context_.live_calls.Drain();
}

void LookupRpcServer::Stop() {
  BeginDrain();
  grpc_.Stop(kStopGrace);
}

}  // namespace sluice
