// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/cluster.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/version.h"
#include "cli/error_text.h"
#include "grpc/support/log.h"

namespace sluice {

absl::StatusOr<std::shared_ptr<ClusterConnection>> OpenCluster(
    const Settings& settings) {
  return OpenCluster(settings.addresses, settings.lookups);
}

absl::StatusOr<std::shared_ptr<ClusterConnection>> OpenCluster(
    const std::vector<std::string>& addresses,
    const std::vector<std::string>& lookups) {
  // Errors are ours to report; gRPC's log is for who asks for it.
  if (std::getenv("GRPC_VERBOSITY") == nullptr) {
    gpr_set_log_function([](gpr_log_func_args*) {});
  }
  ClientOptions options;
  options.addresses = addresses;
  options.lookup_addresses = lookups;
  options.user_agent = absl::StrCat("sluice-cli/", kVersion);
  return ClusterConnection::Create(std::move(options));
}

void NoteNodeError(absl::string_view node, const absl::Status& status) {
  PrintNote(absl::StrCat(NodeErrorText(node, status), "; trying again"));
}

}  // namespace sluice
