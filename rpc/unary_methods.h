// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_UNARY_METHODS_H_
#define SLUICE_RPC_UNARY_METHODS_H_

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "grpcpp/server_context.h"
#include "grpcpp/support/async_unary_call.h"
#include "rpc/completion_threads.h"
#include "rpc/live_calls.h"
#include "rpc/unary_call.h"

namespace sluice {

// The unary methods of a service, of which each waits for its next call on
// every completion thread. Owned by the object that handles them, which
// outlives all calls. Thread-compatible.
class UnaryMethods {
 public:
  explicit UnaryMethods(LiveCalls& live_calls) : live_calls_(live_calls) {}

  // Adds a method: the generated Request<Method> of `service`, and the member
  // function of `handler` that does it.
  template <typename Async, typename Owner, typename Handler, typename Request,
            typename Response>
  void Add(Async* service,
           void (Owner::*accept)(grpc::ServerContext*, Request*,
                                 grpc::ServerAsyncResponseWriter<Response>*,
                                 grpc::CompletionQueue*,
                                 grpc::ServerCompletionQueue*, void*),
           Handler* handler,
           void (Handler::*handle)(const Request&, Response*, UnaryDone)) {
    auto method = std::make_shared<UnaryMethod<Request, Response>>();
    method->accept = [service, accept](auto* call, auto* request, auto* writer,
                                       auto* queue, void* tag) {
      (service->*accept)(call, request, writer, queue, queue, tag);
    };
    method->handle = [handler, handle](const Request& request,
                                       Response* response, UnaryDone done) {
      (handler->*handle)(request, response, std::move(done));
    };
    acceptors_.push_back([this, method](CompletionThread& thread) {
      UnaryCall<Request, Response>::Accept(*method, live_calls_, thread);
    });
  }

  // Begins to wait for calls.
  void Accept(CompletionThreads& threads) {
    for (const auto& thread : threads.all()) {
      for (const auto& accept : acceptors_) accept(*thread);
    }
  }

 private:
  LiveCalls& live_calls_;
  // One for each method: waits for its next call on a thread.
  std::vector<std::function<void(CompletionThread&)>> acceptors_;
};

}  // namespace sluice

#endif  // SLUICE_RPC_UNARY_METHODS_H_
