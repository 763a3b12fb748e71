// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/cluster_connection.h"

#include <utility>

#include "base/status_macros.h"
#include "client/client_runtime.h"

namespace sluice {

absl::StatusOr<std::shared_ptr<ClusterConnection>> ClusterConnection::Create(
    ClientOptions options) {
  SLUICE_RETURN_IF_ERROR(ValidateClientOptions(options));
  return std::shared_ptr<ClusterConnection>(new ClusterConnection(
      std::make_unique<ClientRuntime>(std::move(options))));
}

ClusterConnection::ClusterConnection(std::unique_ptr<ClientRuntime> runtime)
    : runtime_(std::move(runtime)) {}

ClusterConnection::~ClusterConnection() = default;

const ClientOptions& ClusterConnection::options() const {
  return runtime_->options();
}

}  // namespace sluice
