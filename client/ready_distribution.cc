// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/ready_distribution.h"

#include <algorithm>

namespace sluice {

constexpr absl::Duration ReadyDistribution::kIdleTurn;
constexpr absl::Duration ReadyDistribution::kLongTurn;

void ReadyDistribution::Add(const std::string& node, uint32_t max_ready,
                            SteadyTime now) {
  Node& added = nodes_[node];
  added = Node();
  added.max_ready = std::max(max_ready, 1u);
  added.last_message = now;
  added.turn_began = now;
}

void ReadyDistribution::Remove(const std::string& node) { nodes_.erase(node); }

bool ReadyDistribution::OnMessages(const std::string& node, SteadyTime now) {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return false;
  const bool was_idle = Idle(found->second, now);
  found->second.last_message = now;
  return was_idle;
}

void ReadyDistribution::SetInFlight(const std::string& node,
                                    uint32_t messages) {
  const auto found = nodes_.find(node);
  if (found != nodes_.end()) found->second.in_flight = messages;
}

std::vector<ReadyDistribution::Level> ReadyDistribution::Distribute(
    SteadyTime now) {
  for (auto& [name, node] : nodes_) node.next = 0;
  if (total_ >= nodes_.size()) {
    ShareEvenly(now);
  } else {
    TakeTurns(now);
  }
  WaitForExcess();
  std::vector<Level> changes;
  for (const bool lowered : {true, false}) {
    for (auto& [name, node] : nodes_) {
      if (lowered ? node.next >= node.ready : node.next <= node.ready) continue;
      if (node.next == 0 || node.ready == 0) node.turn_began = now;
      node.ready = node.next;
      changes.push_back({name, node.ready});
    }
  }
  return changes;
}

// What a node holds above its new level still counts: others are raised only as
// it comes down.
void ReadyDistribution::WaitForExcess() {
  uint32_t excess = 0;
  for (const auto& [name, node] : nodes_) {
    if (node.in_flight > node.next) excess += node.in_flight - node.next;
  }
  for (auto& [name, node] : nodes_) {
    if (node.next <= node.ready) continue;
    const uint32_t less = std::min(excess, node.next - node.ready);
    node.next -= less;
    excess -= less;
  }
}

void ReadyDistribution::ShareEvenly(SteadyTime now) {
  std::vector<Node*> busy;
  std::vector<Node*> idle;
  uint32_t rest = total_;
  for (auto& [name, node] : nodes_) {
    node.next = 1;
    --rest;
    (Idle(node, now) ? idle : busy).push_back(&node);
  }
  Raise(busy, &rest);
  // All idle, or the busy ones have all that they may.
  Raise(idle, &rest);
}

// Raises all alike, each up to its limit, until nothing is left to give.
void ReadyDistribution::Raise(const std::vector<Node*>& nodes, uint32_t* rest) {
  std::vector<Node*> open = nodes;
  while (*rest > 0) {
    open.erase(std::remove_if(
                   open.begin(), open.end(),
                   [](Node* node) { return node->next >= node->max_ready; }),
               open.end());
    if (open.empty()) return;
    const auto count = static_cast<uint32_t>(open.size());
    const uint32_t each = std::max(*rest / count, 1u);
    for (Node* node : open) {
      const uint32_t more =
          std::min({each, node->max_ready - node->next, *rest});
      node->next += more;
      *rest -= more;
    }
  }
}

void ReadyDistribution::TakeTurns(SteadyTime now) {
  // First those that keep their turn, then those that have waited longest.
  const auto keeps = [now](const Node& node) {
    if (node.ready == 0) return false;
    if (node.in_flight > 0) return true;
    const SteadyTime heard =
        std::max(node.last_message, node.turn_began,
                 [](SteadyTime a, SteadyTime b) { return a < b; });
    return now < heard + kIdleTurn && now < node.turn_began + kLongTurn;
  };
  std::vector<Node*> order;
  for (auto& [name, node] : nodes_) order.push_back(&node);
  std::stable_sort(order.begin(), order.end(), [&keeps](Node* a, Node* b) {
    const bool a_keeps = keeps(*a);
    const bool b_keeps = keeps(*b);
    if (a_keeps != b_keeps) return a_keeps;
    // One whose turn is over goes behind all that wait.
    if ((a->ready > 0) != (b->ready > 0)) return b->ready > 0;
    return a->turn_began < b->turn_began;
  });
  for (size_t i = 0; i < order.size() && i < total_; ++i) order[i]->next = 1;
}

uint32_t ReadyDistribution::ready(const std::string& node) const {
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? 0 : found->second.ready;
}

}  // namespace sluice
