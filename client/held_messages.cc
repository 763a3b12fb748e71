// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/held_messages.h"

#include <utility>

namespace sluice {

uint64_t HeldMessages::Add(const std::string& node, uint64_t delivery_id,
                           SteadyTime now) {
  const uint64_t ticket = ++last_ticket_;
  places_[ticket] = {node, delivery_id};
  leases_[node][delivery_id] = {ticket, now, now};
  return ticket;
}

absl::optional<HeldMessages::Place> HeldMessages::Take(uint64_t ticket) {
  const auto found = places_.find(ticket);
  if (found == places_.end()) return absl::nullopt;
  Place place = std::move(found->second);
  places_.erase(found);
  leases_[place.node].erase(place.delivery_id);
  return place;
}

absl::optional<HeldMessages::Place> HeldMessages::Renew(uint64_t ticket,
                                                        SteadyTime now) {
  const auto found = places_.find(ticket);
  if (found == places_.end()) return absl::nullopt;
  leases_[found->second.node][found->second.delivery_id].renewed = now;
  return found->second;
}

void HeldMessages::Lose(const std::string& node, uint64_t delivery_id) {
  Leases& leases = leases_[node];
  const auto found = leases.find(delivery_id);
  if (found == leases.end()) return;
  places_.erase(found->second.ticket);
  leases.erase(found);
}

void HeldMessages::LoseAll(const std::string& node) {
  for (const auto& [delivery_id, lease] : leases_[node]) {
    places_.erase(lease.ticket);
  }
  leases_.erase(node);
}

std::vector<uint64_t> HeldMessages::RenewOlderThan(const std::string& node,
                                                   absl::Duration age,
                                                   absl::Duration limit,
                                                   SteadyTime now) {
  std::vector<uint64_t> renewed;
  for (auto& [delivery_id, lease] : leases_[node]) {
    if (now < lease.renewed + age || lease.delivered + limit <= now) continue;
    lease.renewed = now;
    renewed.push_back(delivery_id);
  }
  return renewed;
}

uint32_t HeldMessages::CountOf(const std::string& node) const {
  const auto found = leases_.find(node);
  return found == leases_.end() ? 0
                                : static_cast<uint32_t>(found->second.size());
}

}  // namespace sluice
