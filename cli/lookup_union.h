// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_LOOKUP_UNION_H_
#define SLUICE_CLI_LOOKUP_UNION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/settings.h"
#include "sluice/v1/lookup.pb.h"

namespace sluice {

// What the lookups of the settings know together: the union of all answers,
// sorted, each node and name once. A lookup that fails is told on standard
// error and left out; when all do, the error is the first one's. Each call asks
// anew. Thread-safe.
absl::StatusOr<std::vector<v1::NodeInfo>> LookUpNodes(const Settings& settings);
absl::StatusOr<v1::LookupResponse> LookUpTopic(const Settings& settings,
                                               const std::string& topic);
absl::StatusOr<std::vector<std::string>> LookUpTopics(const Settings& settings);

// Pure: adds what another lookup answered.
void AddTo(const v1::LookupResponse& answer, v1::LookupResponse* all);

// HOST:PORT of a node's gRPC services, as the node announced it.
std::string AddressOf(const v1::NodeInfo& node);

}  // namespace sluice

#endif  // SLUICE_CLI_LOOKUP_UNION_H_
