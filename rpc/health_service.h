// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_HEALTH_SERVICE_H_
#define SLUICE_RPC_HEALTH_SERVICE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "rpc/completion_threads.h"
#include "rpc/live_calls.h"
#include "rpc/unary_call.h"
#include "rpc/wake_signal.h"

namespace sluice {

// grpc.health.v1.Health: every service serves until the server drains, and
// while its owner says so.
//
// gRPC has a health service of its own, but it is made with the callback API,
// whose threads would then poll every connection: a frame would be read by one
// of them, and its completion handed over to the thread that waits for it. That
// costs a fifth of the processor time of a publish.
//
// Owned by GrpcServer, which outlives all calls; register service() with the
// server, then call Start.
class HealthService {
 public:
  using Request = grpc::health::v1::HealthCheckRequest;
  using Response = grpc::health::v1::HealthCheckResponse;

  // `names` are the services that can be asked for. Once `draining` is true
  // none serves, nor while `serving` says no (null: it never does); it is
  // called on any thread and returns at once. Whoever changes either tells
  // `live_calls`. All outlive this.
  HealthService(const std::vector<std::string>& names, LiveCalls& live_calls,
                const std::atomic<bool>& draining,
                std::function<bool()> serving);

  grpc::Service* service() { return &service_; }

  // Begins to take calls.
  void Start(CompletionThreads& threads);

 private:
  friend class HealthWatch;

  // Nothing when there is no such service. The empty name is the server.
  absl::optional<Response::ServingStatus> StatusOf(
      const std::string& name) const;

  const std::vector<std::string>& names_;
  LiveCalls& live_calls_;
  const std::atomic<bool>& draining_;
  const std::function<bool()> serving_;
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
  void OnServingChanged() override { wake_->Raise(); }
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

#endif  // SLUICE_RPC_HEALTH_SERVICE_H_
