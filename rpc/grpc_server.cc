// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/grpc_server.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace sluice {
namespace {

// For answers that are on their way when the server stops.
constexpr absl::Duration kLastBytesGrace = absl::Milliseconds(100);

// By name, with those that every server has.
std::vector<std::string> AllNames(std::vector<std::string> names) {
  names.push_back("grpc.health.v1.Health");
  names.push_back("grpc.reflection.v1.ServerReflection");
  names.push_back("grpc.reflection.v1alpha.ServerReflection");
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

GrpcServer::GrpcServer(const std::vector<std::string>& services,
                       LiveCalls& live_calls, const std::atomic<bool>& draining,
                       std::function<bool()> serving)
    : live_calls_(live_calls),
      names_(AllNames(services)),
      health_(names_, live_calls, draining, std::move(serving)) {}

GrpcServer::~GrpcServer() { Stop(absl::ZeroDuration()); }

absl::Status GrpcServer::Listen(const GrpcServerOptions& options,
                                const std::vector<grpc::Service*>& services) {
  grpc::ServerBuilder builder;
  ApplyTransportOptions(options.transport, &builder);
  builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(),
                           &port_);
  for (grpc::Service* const service : services) {
    builder.RegisterService(service);
  }
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
  return absl::OkStatus();
}

void GrpcServer::Serve() {
  health_.Start(*threads_);
  ReflectionStream<ReflectionV1Service>::Accept(
      reflection_, names_, live_calls_, threads_->acceptor());
  ReflectionStream<ReflectionV1AlphaService>::Accept(
      reflection_alpha_, names_, live_calls_, threads_->acceptor());
  threads_->Start();
}

void GrpcServer::Stop(absl::Duration grace) {
  if (stopped_) return;
  stopped_ = true;
  if (server_ != nullptr) {
    // Streams end first, by themselves: Shutdown would only wait for them.
    live_calls_.Stop();
    live_calls_.WaitUntilNoCalls(grace);
    // A connection without calls would be waited for, too: all it may need is
    // the time to send what it holds.
    server_->Shutdown(absl::ToChronoTime(absl::Now() + kLastBytesGrace));
    // What is answered later still holds its call; and nothing may turn to a
    // completion queue after it is shut down.
    live_calls_.WaitUntilNothing();
  }
  if (threads_ != nullptr) threads_->Stop();
}

}  // namespace sluice
