// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/rpc_server.h"

#include <string>
#include <vector>

#include "base/status_macros.h"
#include "server/rpc/publish_call.h"
#include "server/rpc/publish_stream.h"

namespace sluice {
namespace {

// Calls of one kind that may arrive at the same moment without waiting for
// each other's acceptance.
constexpr int kAcceptsPerThread = 4;

std::vector<std::string> ServiceNames() {
  return {
      v1::AdminService::service_full_name(),
      v1::PublisherService::service_full_name(),
      v1::SubscriberService::service_full_name(),
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(
    const RpcServerOptions& options, Broker& broker, Clock& clock) {
  std::unique_ptr<RpcServer> server(new RpcServer(options, broker, clock));
  SLUICE_RETURN_IF_ERROR(server->Listen(options));
  server->AcceptCalls();
  return server;
}

RpcServer::RpcServer(const RpcServerOptions& options, Broker& broker,
                     Clock& clock)
    : context_(broker, clock),
      admin_(context_),
      grpc_(ServiceNames(), context_.live_calls, context_.draining,
            [&broker] { return broker.health().ok(); }) {
  context_.limits = options.limits;
  context_.identity = options.identity;
  context_.find_channels = options.find_channels;
  context_.on_drain = options.on_drain;
}

RpcServer::~RpcServer() { Stop(); }

absl::Status RpcServer::Listen(const RpcServerOptions& options) {
  GrpcServerOptions grpc;
  grpc.address = options.address;
  grpc.completion_threads = options.completion_threads;
  grpc.transport.max_batch_bytes = options.limits.max_batch_bytes;
  grpc.transport.heartbeat_interval = options.heartbeat_interval;
  grpc.transport.heartbeat_timeout = options.heartbeat_timeout;
  SLUICE_RETURN_IF_ERROR(
      grpc_.Listen(grpc, {&publisher_, &subscriber_, admin_.service()}));
  context_.identity.grpc_port = static_cast<uint32_t>(grpc_.port());
  return absl::OkStatus();
}

void RpcServer::AcceptCalls() {
  CompletionThreads& threads = grpc_.threads();
  for (const auto& thread : threads.all()) {
    for (int i = 0; i < kAcceptsPerThread; ++i) {
      PublishCall::Accept(publisher_, context_, *thread);
      PublishStream::Accept(publisher_, context_, threads);
      SubscribeStream::Accept(subscriber_, context_, threads);
    }
  }
  admin_.Start(threads);
  grpc_.Serve();
}

void RpcServer::BeginDrain() {
  if (!stopped_) context_.BeginDrain();
}

void RpcServer::Stop(absl::Duration grace) {
  if (stopped_) return;
  stopped_ = true;
  context_.draining.store(true);
  grpc_.Stop(grace);
}

}  // namespace sluice
