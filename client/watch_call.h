// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_WATCH_CALL_H_
#define SLUICE_CLIENT_WATCH_CALL_H_

#include <functional>
#include <memory>
#include <string>

#include "client/event_loop.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/status.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {

// One LookupService.Watch call, on an EventLoop. Owns itself until it has
// ended; whoever started it holds it too. On the loop only.
class WatchCall final : public std::enable_shared_from_this<WatchCall> {
 public:
  using OnSnapshot = std::function<void(const v1::LookupResponse&)>;
  using OnEnded = std::function<void(const grpc::Status&)>;

  WatchCall(EventLoop* loop, OnSnapshot on_snapshot, OnEnded on_ended);

  void Start(v1::LookupService::Stub* stub, const std::string& topic);
  // Cancels, and calls nobody back any more.
  void Detach();

 private:
  void OnStarted(bool ok);
  void OnRead(bool ok);
  void OnFinished(bool ok);

  EventLoop* const loop_;
  OnSnapshot on_snapshot_;
  OnEnded on_ended_;
  std::unique_ptr<EventLoop::Lease> lease_;
  std::shared_ptr<WatchCall> self_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientAsyncReader<v1::WatchResponse>> reader_;
  v1::WatchResponse response_;
  grpc::Status status_;

  MemberLoopEvent<WatchCall, &WatchCall::OnStarted> on_started_{this};
  MemberLoopEvent<WatchCall, &WatchCall::OnRead> on_read_{this};
  MemberLoopEvent<WatchCall, &WatchCall::OnFinished> on_finished_{this};
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_WATCH_CALL_H_
