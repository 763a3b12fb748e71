// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_HEALTH_SERVICE_H_
#define SLUICE_SERVER_RPC_HEALTH_SERVICE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "server/rpc/completion_threads.h"
#include "server/rpc/live_calls.h"
#include "server/rpc/rpc_context.h"
#include "server/rpc/unary_call.h"
#include "server/rpc/wake_signal.h"

namespace sluice {

// grpc.health.v1.Health: every service of the node serves until it drains.
//
// gRPC has a health service of its own, but it is made with the callback API,
// whose threads would then poll every connection: a frame would be read by one
// of them, and its completion handed over to the thread that waits for it. That
// costs a fifth of the processor time of a publish.
//
// Owned by RpcServer, which outlives all calls; register service() with the
// server, then call Start.
class HealthService {
 public:
  using Request = grpc::health::v1::HealthCheckRequest;
  using Response = grpc::health::v1::HealthCheckResponse;

  // `names` are the services that can be asked for; they outlive this.
  HealthService(RpcContext& context, const std::vector<std::string>& names);

  grpc::Service* service() { return &service_; }

  // Begins to take calls.
  void Start(CompletionThreads& threads);

 private:
  friend class HealthWatch;

  // Nothing when the node has no such service. The empty name is the node.
  absl::optional<Response::ServingStatus> StatusOf(
      const std::string& name) const;

  RpcContext& context_;
  const std::vector<std::string>& names_;
  grpc::health::v1::Health::AsyncService service_;
  UnaryMethod<Request, Response> check_;
};

// One call of Watch: writes the status, and again when it has changed, until
// the client cancels. All state is of one completion thread. Owns itself from
// Accept on.
class HealthWatch final : public LiveCall {
 public:
  // Waits for the next stream.
  static void Accept(HealthService& health, CompletionThreads& threads);

 private:
  using Response = HealthService::Response;

  HealthWatch(HealthService& health, CompletionThreads& threads);
  ~HealthWatch();

  void OnAccepted(bool ok);
  void OnStarted(bool ok);
  void OnWritten(bool ok);
  void OnDone(bool ok);

  // LiveCall, on any thread.
  void OnDrain() override { wake_->Raise(); }
  void OnStop() override { call_.TryCancel(); }

  // Writes the status if it is news, and ends the object when nothing can come
  // any more.
  void EndTurn();

  HealthService& health_;
  CompletionThreads& threads_;
  CompletionThread& thread_;
  const std::shared_ptr<WakeSignal> wake_;

  grpc::ServerContext call_;
  grpc::ServerAsyncWriter<Response> stream_{&call_};
  HealthService::Request request_;
  absl::optional<Response::ServingStatus> written_status_;
  int pending_ = 2;      // operations that gRPC has not answered yet
  bool writing_ = true;  // the initial metadata, to begin with
  bool gone_ = false;    // the client

  MemberEvent<HealthWatch, &HealthWatch::OnAccepted> accepted_{this};
  MemberEvent<HealthWatch, &HealthWatch::OnStarted> started_{this};
  MemberEvent<HealthWatch, &HealthWatch::OnWritten> written_{this};
  MemberEvent<HealthWatch, &HealthWatch::OnDone> done_{this};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_HEALTH_SERVICE_H_
