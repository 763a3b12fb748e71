// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/topic_selection.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/admin_client.h"
#include "cli/flag_value.h"
#include "cli/lookup_union.h"
#include "cli/node_answer.h"

namespace sluice {
namespace {

// Of all nodes that answer; the error of the first when none does.
absl::StatusOr<std::vector<std::string>> TopicsOfNodes(
    const Settings& settings) {
  const auto answers =
      AskEach<AdminClient>(settings.addresses, settings, v1::GetStatsRequest());
  std::set<std::string> topics;
  bool any_ok = false;
  for (const auto& [node, answer] : answers) {
    if (!answer.ok()) continue;
    any_ok = true;
    for (const v1::TopicStats& topic : answer->topics()) {
      topics.insert(topic.topic());
    }
  }
  if (!any_ok) return answers.front().answer.status();
  return std::vector<std::string>(topics.begin(), topics.end());
}

}  // namespace

absl::StatusOr<std::regex> ParsePattern(const std::string& text) {
  try {
    return std::regex(text, std::regex::ECMAScript | std::regex::nosubs);
  } catch (const std::regex_error& error) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, "\" is not a regular expression: ", error.what()));
  }
}

void AddTopicFlags(Command verb, TopicSelection* selection) {
  verb.AddOptionalArguments("TOPIC", "The topics; made if they do not exist",
                            AppendTo(&selection->topics));
  verb.AddFlag("--topic-pattern", "REGEX",
               "Instead, all topics in whose names this is found, also those "
               "that come later",
               [selection](const std::string& text) {
                 SLUICE_ASSIGN_OR_RETURN(selection->pattern,
                                         ParsePattern(text));
                 return absl::OkStatus();
               });
  verb.AddFlag("--topic-refresh", "D",
               "How often to look for topics that came later [30s]",
               Into(&selection->refresh, ParsePositiveDuration));
}

absl::Status CheckTopicFlags(const TopicSelection& selection) {
  if (selection.topics.empty() == !selection.pattern.has_value()) {
    return absl::InvalidArgumentError(
        "name at least one topic, or give --topic-pattern, and not both");
  }
  for (const std::string& topic : selection.topics) {
    SLUICE_RETURN_IF_ERROR(ValidateName("topic", topic));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> FindTopics(
    const TopicSelection& selection, const Settings& settings) {
  if (!selection.pattern.has_value()) return selection.topics;
  SLUICE_ASSIGN_OR_RETURN(std::vector<std::string> topics,
                          settings.lookups.empty() ? TopicsOfNodes(settings)
                                                   : LookUpTopics(settings));
  topics.erase(std::remove_if(topics.begin(), topics.end(),
                              [&selection](const std::string& topic) {
                                return !std::regex_search(topic,
                                                          *selection.pattern);
                              }),
               topics.end());
  return topics;
}

}  // namespace sluice
