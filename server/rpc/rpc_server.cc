// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/rpc_server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "server/rpc/publish_call.h"
#include "server/rpc/publish_stream.h"

namespace sluice {
namespace {

// Calls of one kind that may arrive at the same moment without waiting for
// each other's acceptance.
constexpr int kAcceptsPerThread = 4;

// For answers that are on their way when the server stops.
constexpr absl::Duration kLastBytesGrace = absl::Milliseconds(100);

std::vector<std::string> ServiceNames() {
  return {
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
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
      service_names_(ServiceNames()),
      admin_(context_),
      health_(context_, service_names_) {
  context_.limits = options.limits;
  context_.identity = options.identity;
}

RpcServer::~RpcServer() { Stop(); }

absl::Status RpcServer::Listen(const RpcServerOptions& options) {
  grpc::ServerBuilder builder;
  TransportOptions transport;
  transport.max_batch_bytes = options.limits.max_batch_bytes;
  transport.heartbeat_interval = options.heartbeat_interval;
  transport.heartbeat_timeout = options.heartbeat_timeout;
  ApplyTransportOptions(transport, &builder);
  builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(),
                           &port_);
  builder.RegisterService(&publisher_);
  builder.RegisterService(&subscriber_);
  builder.RegisterService(admin_.service());
  builder.RegisterService(health_.service());
  builder.RegisterService(&reflection_);
  builder.RegisterService(&reflection_alpha_);
  threads_ =
      std::make_unique<CompletionThreads>(builder, options.completion_threads);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) {
    return MakeError(
        absl::StatusCode::kUnavailable, "ADDRESS_UNAVAILABLE",
        absl::StrCat("cannot listen on ", options.address,
                     ": the port is in use, or the address is not ours"));
  }
  context_.identity.grpc_port = static_cast<uint32_t>(port_);
  return absl::OkStatus();
}

void RpcServer::AcceptCalls() {
  for (const auto& thread : threads_->all()) {
    for (int i = 0; i < kAcceptsPerThread; ++i) {
      PublishCall::Accept(publisher_, context_, *thread);
      PublishStream::Accept(publisher_, context_, *threads_);
      SubscribeStream::Accept(subscriber_, context_, *threads_);
    }
  }
  admin_.Start(*threads_);
  health_.Start(*threads_);
  ReflectionStream<ReflectionV1Service>::Accept(
      reflection_, service_names_, context_.live_calls, threads_->acceptor());
  ReflectionStream<ReflectionV1AlphaService>::Accept(
      reflection_alpha_, service_names_, context_.live_calls,
      threads_->acceptor());
  threads_->Start();
}

void RpcServer::BeginDrain() {
  if (!stopped_) context_.BeginDrain();
}

void RpcServer::Stop(absl::Duration grace) {
  if (stopped_) return;
  stopped_ = true;
  context_.draining.store(true);
  if (server_ != nullptr) {
    // Streams end first, by themselves: Shutdown would only wait for them.
    context_.live_calls.Stop();
    context_.live_calls.WaitUntilNoCalls(grace);
    // A connection without calls would be waited for, too: all it may need is
    // the time to send what it holds.
    server_->Shutdown(absl::ToChronoTime(absl::Now() + kLastBytesGrace));
    // What the broker has yet to answer still holds its call; and nothing may
    // turn to a completion queue after it is shut down.
    context_.live_calls.WaitUntilNothing();
  }
  if (threads_ != nullptr) threads_->Stop();
}

}  // namespace sluice
