// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/lease_table.h"

#include <algorithm>
#include <cassert>

namespace sluice {
namespace {

// Below this size a sparse grant is not worth rebuilding.
constexpr size_t kCompactFrom = 64;
constexpr size_t kSparseFactor = 8;

}  // namespace

DeliveryId LeaseTable::Grant(LeaseHolder* holder,
                             absl::Span<const Lease> leases, SteadyTime now,
                             SteadyTime deadline) {
  assert(!leases.empty());
  const DeliveryId first = next_id_;
  next_id_ += leases.size();
  GrantRecord grant{holder,
                    now,
                    deadline,
                    static_cast<uint32_t>(leases.size()),
                    {leases.begin(), leases.end()}};
  for (const Lease& lease : leases) {
    assert(lease.attempts > 0);
    holder->leased_bytes += lease.body_bytes;
  }
  holder->leased += leases.size();
  size_ += leases.size();
  grants_.emplace_hint(grants_.end(), first, std::move(grant));
  deadlines_.emplace(deadline.nanos(), first);
  return first;
}

LeaseTable::Grants::iterator LeaseTable::Find(const LeaseHolder* holder,
                                              DeliveryId id) {
  auto grant = grants_.upper_bound(id);
  if (grant == grants_.begin()) return grants_.end();
  --grant;
  const size_t index = id - grant->first;
  const GrantRecord& record = grant->second;
  const bool held = index < record.leases.size() && record.holder == holder &&
                    record.leases[index].attempts > 0;
  return held ? grant : grants_.end();
}

absl::optional<Lease> LeaseTable::End(const LeaseHolder* holder,
                                      DeliveryId id) {
  const auto grant = Find(holder, id);
  if (grant == grants_.end()) return absl::nullopt;
  const Lease ended = EndAt(grant, id - grant->first);
  const GrantRecord& record = grant->second;
  if (record.live == 0) {
    DropIfEmpty(grant);
  } else if (record.leases.size() >= kCompactFrom &&
             record.live * kSparseFactor < record.leases.size()) {
    Compact(grant);
  }
  return ended;
}

Lease LeaseTable::EndAt(Grants::iterator grant, size_t index) {
  GrantRecord& record = grant->second;
  Lease& slot = record.leases[index];
  const Lease ended = slot;
  slot.attempts = 0;
  --record.live;
  --size_;
  --record.holder->leased;
  record.holder->leased_bytes -= ended.body_bytes;
  if (!touched_.empty()) {
    const DeliveryId id = grant->first + index;
    const auto touched = touched_.find(id);
    if (touched != touched_.end()) {
      deadlines_.erase({touched->second.nanos(), id});
      touched_.erase(touched);
    }
  }
  return ended;
}

void LeaseTable::DropIfEmpty(Grants::iterator grant) {
  if (grant->second.live > 0) return;
  deadlines_.erase({grant->second.deadline.nanos(), grant->first});
  grants_.erase(grant);
}

void LeaseTable::Compact(Grants::iterator grant) {
  const DeliveryId first = grant->first;
  const GrantRecord sparse = std::move(grant->second);
  deadlines_.erase({sparse.deadline.nanos(), first});
  grants_.erase(grant);
  size_t index = 0;
  while (index < sparse.leases.size()) {
    if (sparse.leases[index].attempts == 0) {
      ++index;
      continue;
    }
    const size_t start = index;
    while (index < sparse.leases.size() && sparse.leases[index].attempts > 0) {
      ++index;
    }
    GrantRecord run{
        sparse.holder,
        sparse.delivered,
        sparse.deadline,
        static_cast<uint32_t>(index - start),
        {sparse.leases.begin() + start, sparse.leases.begin() + index}};
    grants_.emplace(first + start, std::move(run));
    deadlines_.emplace(sparse.deadline.nanos(), first + start);
  }
}

SteadyTime LeaseTable::DeadlineOf(const GrantRecord& grant,
                                  DeliveryId id) const {
  if (touched_.empty()) return grant.deadline;
  const auto touched = touched_.find(id);
  return touched == touched_.end() ? grant.deadline : touched->second;
}

bool LeaseTable::Touch(const LeaseHolder* holder, DeliveryId id, SteadyTime now,
                       absl::Duration timeout, absl::Duration longest) {
  const auto grant = Find(holder, id);
  if (grant == grants_.end()) return false;
  const SteadyTime deadline =
      std::min(now + timeout, grant->second.delivered + longest);
  const auto touched = touched_.find(id);
  if (touched != touched_.end()) {
    deadlines_.erase({touched->second.nanos(), id});
    touched_.erase(touched);
  }
  // The grant's own entry already stands for this deadline.
  if (deadline == grant->second.deadline) return true;
  touched_.emplace(id, deadline);
  deadlines_.emplace(deadline.nanos(), id);
  return true;
}

void LeaseTable::Release(const LeaseHolder* holder, std::vector<Lease>* ended) {
  if (holder->leased == 0) return;
  for (auto grant = grants_.begin(); grant != grants_.end();) {
    if (grant->second.holder != holder) {
      ++grant;
      continue;
    }
    for (size_t i = 0; i < grant->second.leases.size(); ++i) {
      if (grant->second.leases[i].attempts > 0) {
        ended->push_back(EndAt(grant, i));
      }
    }
    deadlines_.erase({grant->second.deadline.nanos(), grant->first});
    grant = grants_.erase(grant);
  }
}

void LeaseTable::Expire(
    SteadyTime now,
    const std::function<void(LeaseHolder*, const Lease&)>& expired) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now.nanos()) {
    const DeliveryId id = deadlines_.begin()->second;
    deadlines_.erase(deadlines_.begin());
    auto grant = grants_.upper_bound(id);
    if (grant == grants_.begin()) continue;
    --grant;
    const DeliveryId first = grant->first;
    GrantRecord& record = grant->second;
    for (size_t i = 0; i < record.leases.size(); ++i) {
      if (record.leases[i].attempts == 0) continue;
      if (now < DeadlineOf(record, first + i)) continue;
      LeaseHolder* const holder = record.holder;
      expired(holder, EndAt(grant, i));
    }
    DropIfEmpty(grant);
  }
}

void LeaseTable::Clear() {
  for (auto& [first, grant] : grants_) {
    grant.holder->leased = 0;
    grant.holder->leased_bytes = 0;
  }
  grants_.clear();
  deadlines_.clear();
  touched_.clear();
  size_ = 0;
}

SteadyTime LeaseTable::NextDeadline() const {
  return deadlines_.empty() ? SteadyTime::InfiniteFuture()
                            : SteadyTime::FromNanos(deadlines_.begin()->first);
}

void LeaseTable::ForEach(const std::function<void(const Lease&)>& visit) const {
  for (const auto& [first, grant] : grants_) {
    for (const Lease& lease : grant.leases) {
      if (lease.attempts > 0) visit(lease);
    }
  }
}

}  // namespace sluice
