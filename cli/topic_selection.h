// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_TOPIC_SELECTION_H_
#define SLUICE_CLI_TOPIC_SELECTION_H_

#include <cstddef>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/command_line.h"
#include "cli/settings.h"

namespace sluice {

// The topics that a verb is about: named, or found by a pattern among those
// that the lookups, or all nodes, have.

struct TopicSelection {
  std::vector<std::string> topics;
  std::optional<std::regex> pattern;
  absl::Duration refresh = absl::Seconds(30);
};

// TOPIC..., --topic-pattern and --topic-refresh.
void AddTopicFlags(Command verb, TopicSelection* flags);

// A regular expression (ECMAScript) that must be found in a name.
// INVALID_ARGUMENT, saying what is wrong with it.
absl::StatusOr<std::regex> ParsePattern(const std::string& text);

// OK, or INVALID_ARGUMENT: exactly one of names and pattern, and names that are
// some.
absl::Status CheckTopicFlags(const TopicSelection& flags);

// The topics as of now; those named by hand without asking anybody.
absl::StatusOr<std::vector<std::string>> FindTopics(const TopicSelection& flags,
                                                    const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_TOPIC_SELECTION_H_
