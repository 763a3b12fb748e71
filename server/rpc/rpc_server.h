// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_RPC_SERVER_H_
#define SLUICE_SERVER_RPC_RPC_SERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/limits.h"
#include "rpc/completion_threads.h"
#include "rpc/grpc_server.h"
#include "server/queue/broker.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/publisher_service.h"
#include "server/rpc/rpc_context.h"
#include "server/rpc/subscribe_stream.h"

namespace sluice {

struct RpcServerOptions {
  std::string address = "127.0.0.1:0";  // port 0: a free one
  Limits limits;
  NodeIdentity identity;           // grpc_port is filled in by the server
  FindChannels find_channels;      // null: nobody to ask
  std::function<void()> on_drain;  // null, or called once, on any thread
  int completion_threads = CompletionThreads::DefaultCount();
  absl::Duration heartbeat_interval = absl::Seconds(30);
  absl::Duration heartbeat_timeout = absl::Seconds(10);
};

// The node's gRPC port: publisher, subscriber, admin, health and reflection.
// It translates; what is done is the broker's. Thread-compatible: started,
// drained and stopped by one thread, its owner's.
//
//   Start -> serving -> BeginDrain -> draining -> Stop
class RpcServer {
 public:
  // Listens and serves when it returns. UNAVAILABLE, naming the address, when
  // it cannot listen there. `broker` and `clock` outlive the server; the broker
  // must run until Stop has returned.
  static absl::StatusOr<std::unique_ptr<RpcServer>> Start(
      const RpcServerOptions& options, Broker& broker, Clock& clock);

  // Stops, if that was not done.
  ~RpcServer();
  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;

  // The port listened on.
  int port() const { return grpc_.port(); }

  // What Broker::health says has changed: who watches the health is told. Any
  // thread; returns at once.
  void HealthChanged() { context_.live_calls.ServingChanged(); }

  // Refuses publishes and new subscriptions, stops deliveries, tells
  // subscribers, and the health service says NOT_SERVING. Commands of
  // subscribers go on: when Broker::in_flight() is 0, nobody loses work by a
  // stop. Returns at once; a second call does nothing.
  void BeginDrain();
  // BeginDrain was called, or AdminService.Drain. Any thread.
  bool draining() const { return context_.draining.load(); }

  // Ends every call, what was accepted being answered first, and joins the
  // threads. Calls that do not end by themselves within `grace` are cancelled.
  // A second call does nothing.
  void Stop(absl::Duration grace = absl::Seconds(2));

 private:
  RpcServer(const RpcServerOptions& options, Broker& broker, Clock& clock);

  absl::Status Listen(const RpcServerOptions& options);
  void AcceptCalls();

  // In the order in which they depend on each other.
  RpcContext context_;
  PublisherService publisher_;
  SubscribeStream::Service subscriber_;
  AdminService admin_;
  GrpcServer grpc_;

  bool stopped_ = false;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_RPC_SERVER_H_
