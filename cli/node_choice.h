// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_NODE_CHOICE_H_
#define SLUICE_CLI_NODE_CHOICE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/settings.h"

namespace sluice {

// Which nodes a verb speaks to: those the settings name, or those their lookups
// know. HOST:PORT each; never an empty list. UNAVAILABLE when no lookup answers
// or no node is known.

// All of them.
absl::StatusOr<std::vector<std::string>> AllNodes(const Settings& settings);

// Those that have the topic. Only lookups can tell: without them, all.
// NOT_FOUND when lookups know no node with it.
absl::StatusOr<std::vector<std::string>> NodesOfTopic(const Settings& settings,
                                                      const std::string& topic);

// The only one. INVALID_ARGUMENT where there are more.
absl::StatusOr<std::string> OnlyNode(const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_NODE_CHOICE_H_
