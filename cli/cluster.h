// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_CLUSTER_H_
#define SLUICE_CLI_CLUSTER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/settings.h"
#include "client/cluster_connection.h"

namespace sluice {

// The client library's way to the nodes of the settings, under this program's
// name. Does not wait for any node.
absl::StatusOr<std::shared_ptr<ClusterConnection>> OpenCluster(
    const Settings& settings);

// The same for other nodes, or lookups.
absl::StatusOr<std::shared_ptr<ClusterConnection>> OpenCluster(
    const std::vector<std::string>& addresses,
    const std::vector<std::string>& lookups);

// Says on standard error what is wrong with a node, for a verb that goes on.
void NoteNodeError(absl::string_view node, const absl::Status& status);

}  // namespace sluice

#endif  // SLUICE_CLI_CLUSTER_H_
