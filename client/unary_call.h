// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_UNARY_CALL_H_
#define SLUICE_CLIENT_UNARY_CALL_H_

#include <functional>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/event_loop.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/status.h"

namespace sluice {

// One call with one answer, on an EventLoop. Owns itself until it is answered;
// whoever started it holds it too if it may lose interest. On the loop only.
template <typename Response>
class UnaryCall final
    : public std::enable_shared_from_this<UnaryCall<Response>> {
 public:
  using Reader = grpc::ClientAsyncResponseReader<Response>;
  using Prepare = std::function<std::unique_ptr<Reader>(
      grpc::ClientContext*, grpc::CompletionQueue*)>;
  using Callback = std::function<void(const grpc::Status&, Response*)>;

  // `callback` is called once, on the loop, unless the call is detached.
  static std::shared_ptr<UnaryCall> Start(EventLoop* loop,
                                          absl::Duration timeout,
                                          const Prepare& prepare,
                                          Callback callback) {
    auto call = std::make_shared<UnaryCall>(loop, std::move(callback));
    call->self_ = call;
    call->context_.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    call->reader_ = prepare(&call->context_, loop->queue());
    call->reader_->StartCall();
    call->reader_->Finish(&call->response_, &call->status_,
                          call->on_finished_.tag());
    return call;
  }

  UnaryCall(EventLoop* loop, Callback callback)
      : lease_(std::make_unique<EventLoop::Lease>(loop)),
        callback_(std::move(callback)) {}

  // Cancels, and does not call back any more.
  void Detach() {
    callback_ = nullptr;
    context_.TryCancel();
  }

 private:
  void OnFinished(bool) {
    const auto self = std::move(self_);
    const auto lease = std::move(lease_);
    if (callback_ == nullptr) return;
    const Callback callback = std::exchange(callback_, nullptr);
    callback(status_, &response_);
  }

  std::unique_ptr<EventLoop::Lease> lease_;
  Callback callback_;
  std::shared_ptr<UnaryCall> self_;
  grpc::ClientContext context_;
  std::unique_ptr<Reader> reader_;
  Response response_;
  grpc::Status status_;

  MemberLoopEvent<UnaryCall, &UnaryCall::OnFinished> on_finished_{this};
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_UNARY_CALL_H_
