// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/known_nodes.h"

namespace sluice {

std::vector<std::string> KnownNodes::OnAnswer(
    size_t lookup, const std::vector<std::string>& addresses, SteadyTime now) {
  const std::set<std::string> named(addresses.begin(), addresses.end());
  for (auto& [address, node] : nodes_) {
    if (named.count(address) == 0 && node.named_by.erase(lookup) > 0 &&
        node.named_by.empty()) {
      node.unused_since = now;
    }
  }
  std::vector<std::string> anew;
  for (const std::string& address : named) {
    Node& node = nodes_[address];
    if (node.named_by.empty()) {
      node.aside = false;
      anew.push_back(address);
    }
    node.named_by.insert(lookup);
  }
  return anew;
}

void KnownNodes::SetInUse(const std::string& address, bool in_use,
                          SteadyTime now) {
  const auto found = nodes_.find(address);
  if (found == nodes_.end()) return;
  Node& node = found->second;
  if (node.in_use && !in_use) node.unused_since = now;
  node.in_use = in_use;
}

void KnownNodes::SetAside(const std::string& address, SteadyTime until) {
  const auto found = nodes_.find(address);
  if (found == nodes_.end()) return;
  found->second.aside = true;
  found->second.aside_until = until;
}

std::vector<std::string> KnownNodes::Forget(SteadyTime now) {
  std::vector<std::string> gone;
  for (auto entry = nodes_.begin(); entry != nodes_.end();) {
    const Node& node = entry->second;
    if (node.named_by.empty() && !node.in_use &&
        node.unused_since + forget_after_ <= now) {
      gone.push_back(entry->first);
      entry = nodes_.erase(entry);
    } else {
      ++entry;
    }
  }
  return gone;
}

std::vector<std::string> KnownNodes::TakeBack(SteadyTime now) {
  std::vector<std::string> back;
  for (auto& [address, node] : nodes_) {
    if (!node.aside || now < node.aside_until || node.named_by.empty()) {
      continue;
    }
    node.aside = false;
    back.push_back(address);
  }
  return back;
}

std::vector<std::string> KnownNodes::addresses() const {
  std::vector<std::string> addresses;
  for (const auto& [address, node] : nodes_) {
    if (!node.aside) addresses.push_back(address);
  }
  return addresses;
}

bool KnownNodes::Contains(const std::string& address) const {
  const auto found = nodes_.find(address);
  return found != nodes_.end() && !found->second.aside;
}

}  // namespace sluice
