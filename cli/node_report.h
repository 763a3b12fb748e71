// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_NODE_REPORT_H_
#define SLUICE_CLI_NODE_REPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sluice/v1/admin.pb.h"
#include "sluice/v1/lookup.pb.h"

namespace sluice {

// What there is to say about one node.
struct NodeReport {
  std::string address;
  // As the lookups tell it, or, without lookups, as the node itself does.
  v1::NodeInfo announced;
  // What is at that address. Its error where nothing answers.
  absl::StatusOr<v1::GetStatsResponse> found;
};

// One word for the table, and a sentence where something is wrong, else empty.
// A node that answers under an address that another one announced is the most
// frequent mistake of a new cluster, so it has words of its own.
struct NodeVerdict {
  std::string state;  // ok, draining, unhealthy, unreachable, wrong-address
  std::string problem;
};
NodeVerdict Judge(const NodeReport& report);

}  // namespace sluice

#endif  // SLUICE_CLI_NODE_REPORT_H_
