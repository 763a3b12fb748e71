// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_LOOKUP_RPC_SERVER_H_
#define SLUICE_LOOKUP_LOOKUP_RPC_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lookup/lookup_context.h"
#include "lookup/lookup_service.h"
#include "rpc/grpc_server.h"

namespace sluice {

// The lookup server's gRPC port: LookupService, health and reflection.
// Thread-compatible: started and stopped by one thread, its owner's.
class LookupRpcServer {
 public:
  // Listens on `address` and serves when it returns; port 0 takes a free one.
  // UNAVAILABLE, naming the address, when it cannot listen there. `registry`
  // and `expiry` outlive the server.
  static absl::StatusOr<std::unique_ptr<LookupRpcServer>> Start(
      const std::string& address, absl::Duration ping_interval,
      LookupRegistry& registry, Expiry& expiry);

  // The port listened on.
  int port() const { return grpc_.port(); }
  bool draining() const { return context_.draining.load(); }

  // The health service says NOT_SERVING from now on; all goes on otherwise.
  void BeginDrain();

  // Ends every call and joins the threads. Nodes and watchers are cut off.
  void Stop();

 private:
  LookupRpcServer(LookupRegistry& registry, Expiry& expiry);

  // In the order in which they depend on each other.
  LookupContext context_;
  LookupService lookup_;
  GrpcServer grpc_;
};

}  // namespace sluice

#endif  // SLUICE_LOOKUP_LOOKUP_RPC_SERVER_H_
