// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/announce/names.h"

#include <algorithm>
#include <iterator>

namespace sluice {

std::vector<NameChange> ChangesBetween(const Names& told, const Names& has) {
  Names gone;
  std::set_difference(told.begin(), told.end(), has.begin(), has.end(),
                      std::back_inserter(gone));
  Names come;
  std::set_difference(has.begin(), has.end(), told.begin(), told.end(),
                      std::back_inserter(come));
  std::vector<NameChange> changes;
  changes.reserve(gone.size() + come.size());
  const Name* topic_gone = nullptr;
  for (Name& name : gone) {
    if (topic_gone != nullptr && topic_gone->topic == name.topic) continue;
    if (name.channel.empty()) topic_gone = &name;
    changes.push_back({/*add=*/false, name});
  }
  for (size_t i = 0; i < come.size(); ++i) {
    const bool channel_follows = come[i].channel.empty() &&
                                 i + 1 < come.size() &&
                                 come[i + 1].topic == come[i].topic;
    if (!channel_follows) changes.push_back({/*add=*/true, come[i]});
  }
  return changes;
}

}  // namespace sluice
