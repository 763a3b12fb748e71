// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_UNARY_CALL_H_
#define SLUICE_RPC_UNARY_CALL_H_

#include <functional>

#include "absl/status/status.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_unary_call.h"
#include "rpc/completion_thread.h"
#include "rpc/live_calls.h"
#include "rpc/status_conversion.h"

namespace sluice {

// Ends a unary call: with the response as it then is, or with an error. Called
// once, from any thread; neither request nor response may be touched after.
using UnaryDone = std::function<void(const absl::Status&)>;

// One method of a service as its calls need it.
template <typename Request, typename Response>
struct UnaryMethod {
  // Asks gRPC for the next call: the generated Request<Method>.
  std::function<void(grpc::ServerContext*, Request*,
                     grpc::ServerAsyncResponseWriter<Response>*,
                     grpc::ServerCompletionQueue*, void* tag)>
      accept;
  // Does the work. Runs on the call's completion thread: it may not block.
  // `request` and `response` live until `done` is called.
  std::function<void(const Request& request, Response* response,
                     UnaryDone done)>
      handle;
};

// One call of a unary method that is not on a hot path: accept, handle, answer.
// Owns itself from Accept on.
template <typename Request, typename Response>
class UnaryCall final : public LiveCall {
 public:
  using Method = UnaryMethod<Request, Response>;

  // Waits for the next call of `method`, on `thread`; both outlive all calls.
  static void Accept(const Method& method, LiveCalls& live_calls,
                     CompletionThread& thread) {
    auto* const call = new UnaryCall(method, live_calls, thread);
    method.accept(&call->call_, &call->request_, &call->writer_, thread.queue(),
                  call->accepted_.tag());
  }

 private:
  UnaryCall(const Method& method, LiveCalls& live_calls,
            CompletionThread& thread)
      : method_(method), live_calls_(live_calls), thread_(thread) {
    live_calls_.Expect();
  }
  ~UnaryCall() { live_calls_.Remove(this); }

  void OnAccepted(bool ok) {
    if (!ok) {  // the server shuts down
      delete this;
      return;
    }
    Accept(method_, live_calls_, thread_);
    live_calls_.Add(this);
    method_.handle(request_, &response_,
                   [this](const absl::Status& status) { Answer(status); });
  }

  void Answer(const absl::Status& status) {
    if (status.ok()) {
      writer_.Finish(response_, grpc::Status::OK, answered_.tag());
    } else {
      writer_.FinishWithError(ToGrpcStatus(status), answered_.tag());
    }
  }

  void OnAnswered(bool) { delete this; }

  const Method& method_;
  LiveCalls& live_calls_;
  CompletionThread& thread_;

  grpc::ServerContext call_;
  grpc::ServerAsyncResponseWriter<Response> writer_{&call_};
  Request request_;
  Response response_;

  MemberEvent<UnaryCall, &UnaryCall::OnAccepted> accepted_{this};
  MemberEvent<UnaryCall, &UnaryCall::OnAnswered> answered_{this};
};

}  // namespace sluice

#endif  // SLUICE_RPC_UNARY_CALL_H_
