// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_LEASE_TABLE_H_
#define SLUICE_SERVER_QUEUE_LEASE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "server/queue/subscription.h"

namespace sluice {

// One message in flight.
struct Lease {
  Sequence sequence = 0;
  uint32_t attempts = 0;    // deliveries so far, this one included; never 0
  uint32_t body_bytes = 0;  // what it counts against the subscriber's bytes
};

// Who holds leases; the channel's attachments. Only its address matters here.
struct LeaseHolder {
  uint64_t leased = 0;
  uint64_t leased_bytes = 0;
};

// The messages of a channel that are in flight: who holds each, and until when.
//
// The leases of one take are neighbours: they have running delivery ids, one
// holder and one deadline, so they are kept as one grant. A grant costs one
// entry in the deadline order however many messages it has, and finishing a
// batch walks along it. TOUCH gives single leases a deadline of their own.
//
// Thread-compatible: guarded by its channel. Keeps the holders' counts.
class LeaseTable {
 public:
  // `first_id`: where delivery ids start.
  explicit LeaseTable(DeliveryId first_id) : next_id_(first_id) {}

  // Leases `leases` (not empty) to `holder`; returns the id of the first, the
  // others follow it. `holder` must release before it dies.
  DeliveryId Grant(LeaseHolder* holder, absl::Span<const Lease> leases,
                   SteadyTime now, SteadyTime deadline);

  // Gives out `count` ids, in a row, for deliveries that nobody leases; returns
  // the first. Commands for them find nothing.
  DeliveryId SkipIds(uint64_t count) {
    const DeliveryId first = next_id_;
    next_id_ += count;
    return first;
  }

  // Ends the lease `id` and returns it; nothing when `holder` does not have it.
  absl::optional<Lease> End(const LeaseHolder* holder, DeliveryId id);

  // Moves the lease's deadline to now + timeout, at most `longest` after its
  // delivery. False when `holder` does not have it.
  bool Touch(const LeaseHolder* holder, DeliveryId id, SteadyTime now,
             absl::Duration timeout, absl::Duration longest);

  // Ends all leases of `holder`, appending them in order of delivery.
  void Release(const LeaseHolder* holder, std::vector<Lease>* ended);

  // Ends every lease whose deadline has come; calls `expired` for each.
  void Expire(SteadyTime now,
              const std::function<void(LeaseHolder*, const Lease&)>& expired);

  // Ends all leases; the holders' counts become 0.
  void Clear();

  // Earliest deadline, perhaps of a lease that has ended meanwhile within a
  // grant that has not; InfiniteFuture when nothing is leased.
  SteadyTime NextDeadline() const;

  size_t size() const { return size_; }
  // In order of delivery.
  void ForEach(const std::function<void(const Lease&)>& visit) const;

 private:
  struct GrantRecord {
    LeaseHolder* holder;
    SteadyTime delivered;
    SteadyTime deadline;
    uint32_t live;              // leases that have not ended
    std::vector<Lease> leases;  // attempts == 0 marks one that has ended
  };
  using Grants = absl::btree_map<DeliveryId, GrantRecord>;

  // The grant that holds `id` live for `holder`; end() when there is none.
  Grants::iterator Find(const LeaseHolder* holder, DeliveryId id);
  SteadyTime DeadlineOf(const GrantRecord& grant, DeliveryId id) const;
  // Marks leases[index] ended and drops what only it needed.
  Lease EndAt(Grants::iterator grant, size_t index);
  void DropIfEmpty(Grants::iterator grant);
  // Replaces a grant with few live leases by one grant per live run, so that a
  // stuck message does not hold the memory of its whole take.
  void Compact(Grants::iterator grant);

  DeliveryId next_id_;
  size_t size_ = 0;
  Grants grants_;
  // Deadlines of grants (by first id) and of touched leases (by their id).
  absl::btree_set<std::pair<int64_t, DeliveryId>> deadlines_;
  absl::flat_hash_map<DeliveryId, SteadyTime> touched_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_LEASE_TABLE_H_
