// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_GRPC_SERVER_H_
#define SLUICE_RPC_GRPC_SERVER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/server.h"
#include "rpc/completion_threads.h"
#include "rpc/health_service.h"
#include "rpc/live_calls.h"
#include "rpc/reflection_stream.h"
#include "rpc/server_builder_options.h"

namespace sluice {

struct GrpcServerOptions {
  std::string address = "127.0.0.1:0";  // port 0: a free one
  TransportOptions transport;
  int completion_threads = CompletionThreads::DefaultCount();
};

// A gRPC port: the completion threads, health and reflection, and the order in
// which all of it begins and ends. The services are the owner's.
// Thread-compatible: started and stopped by one thread, its owner's.
//
//   Listen -> the owner's services begin to wait for calls -> Serve -> Stop
class GrpcServer {
 public:
  // `services`: the full names of what the owner serves. The health service
  // says NOT_SERVING once `draining` is true, and while `serving`, if there is
  // one, says no. Calls of the owner's services are in `live_calls`, too. All
  // outlive this.
  GrpcServer(const std::vector<std::string>& services, LiveCalls& live_calls,
             const std::atomic<bool>& draining,
             std::function<bool()> serving = nullptr);
  // Stops, if that was not done.
  ~GrpcServer();
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  // Takes the port, for `services`, which outlive this. UNAVAILABLE, naming the
  // address, when it cannot be had. Once.
  absl::Status Listen(const GrpcServerOptions& options,
                      const std::vector<grpc::Service*>& services);

  // After Listen: the port listened on, and where calls are accepted.
  int port() const { return port_; }
  CompletionThreads& threads() { return *threads_; }

  // Events are handled from now on. The services wait for calls already.
  void Serve();

  // Ends every call, what was accepted being answered first, and joins the
  // threads. Calls that do not end by themselves within `grace` are cancelled.
  // A second call does nothing.
  void Stop(absl::Duration grace);

 private:
  // In the order in which they depend on each other.
  LiveCalls& live_calls_;
  const std::vector<std::string> names_;
  HealthService health_;
  ReflectionV1Service reflection_;
  ReflectionV1AlphaService reflection_alpha_;
  std::unique_ptr<CompletionThreads> threads_;
  std::unique_ptr<grpc::Server> server_;

  int port_ = 0;
  bool stopped_ = false;
};

}  // namespace sluice

#endif  // SLUICE_RPC_GRPC_SERVER_H_
