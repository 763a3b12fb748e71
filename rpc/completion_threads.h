// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_COMPLETION_THREADS_H_
#define SLUICE_RPC_COMPLETION_THREADS_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "grpcpp/server_builder.h"
#include "rpc/completion_thread.h"

namespace sluice {

// The completion threads of a server. Streams are dealt out to them one by one,
// not by connection, so that a few busy connections cannot end up on the same
// thread by chance: streams are accepted on the first thread and bound to
// Next(). Thread-safe, except for Start and Stop.
class CompletionThreads {
 public:
  // One thread for each core, at most 4: gRPC's own work, not ours, is what
  // takes the time, and it scales no further on one listening port.
  static int DefaultCount();

  CompletionThreads(grpc::ServerBuilder& builder, int count);

  void Start();
  void Stop();

  CompletionThread& acceptor() { return *threads_.front(); }
  CompletionThread& Next();
  const std::vector<std::unique_ptr<CompletionThread>>& all() const {
    return threads_;
  }

 private:
  std::vector<std::unique_ptr<CompletionThread>> threads_;
  std::atomic<size_t> next_{0};
};

}  // namespace sluice

#endif  // SLUICE_RPC_COMPLETION_THREADS_H_
