// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CLUSTER_CONNECTION_H_
#define SLUICE_CLIENT_CLUSTER_CONNECTION_H_

#include <memory>

#include "absl/status/statusor.h"
#include "client/client_options.h"

namespace sluice {

class ClientRuntime;

// The way to a set of nodes: what Producers, Consumers and LookupClients share.
//
//   ClientOptions options;
//   options.addresses = {"127.0.0.1:4150"};
//   absl::StatusOr<std::shared_ptr<ClusterConnection>> connection =
//       ClusterConnection::Create(options);
//
// Owns one thread, which does all the work of the network for all who share it,
// and one HTTP/2 connection for each node in use. Create returns without
// waiting for any node: nodes may come and go at any time.
//
// Thread-safe. Whoever uses it holds it: it ends with its last user, which must
// not be destroyed within a callback of this library.
class ClusterConnection {
 public:
  // Errors: INVALID_ARGUMENT, as ValidateClientOptions.
  static absl::StatusOr<std::shared_ptr<ClusterConnection>> Create(
      ClientOptions options);
  ~ClusterConnection();
  ClusterConnection(const ClusterConnection&) = delete;
  ClusterConnection& operator=(const ClusterConnection&) = delete;

  const ClientOptions& options() const;

  // For the other classes of this library.
  ClientRuntime& runtime() { return *runtime_; }

 private:
  explicit ClusterConnection(std::unique_ptr<ClientRuntime> runtime);

  const std::unique_ptr<ClientRuntime> runtime_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_CLUSTER_CONNECTION_H_
