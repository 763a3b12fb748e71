// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/node_choice.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cli/lookup_union.h"

namespace sluice {

absl::StatusOr<std::vector<std::string>> AllNodes(const Settings& settings) {
  if (settings.lookups.empty()) return settings.addresses;
  SLUICE_ASSIGN_OR_RETURN(const std::vector<v1::NodeInfo> nodes,
                          LookUpNodes(settings));
  if (nodes.empty()) {
    return absl::UnavailableError("the lookups know no node");
  }
  std::vector<std::string> addresses;
  for (const v1::NodeInfo& node : nodes) addresses.push_back(AddressOf(node));
  return addresses;
}

absl::StatusOr<std::vector<std::string>> NodesOfTopic(
    const Settings& settings, const std::string& topic) {
  if (settings.lookups.empty()) return settings.addresses;
  SLUICE_ASSIGN_OR_RETURN(const v1::LookupResponse found,
                          LookUpTopic(settings, topic));
  if (found.producers().empty()) {
    return absl::NotFoundError(
        absl::StrCat("the lookups know no node with topic \"", topic, "\""));
  }
  std::vector<std::string> addresses;
  for (const v1::NodeInfo& node : found.producers()) {
    addresses.push_back(AddressOf(node));
  }
  return addresses;
}

absl::StatusOr<std::string> OnlyNode(const Settings& settings) {
  SLUICE_ASSIGN_OR_RETURN(const std::vector<std::string> nodes,
                          AllNodes(settings));
  if (nodes.size() == 1) return nodes.front();
  return absl::InvalidArgumentError(
      absl::StrCat("this is about one node, and there are ", nodes.size(),
                   ": name one with --address"));
}

}  // namespace sluice
