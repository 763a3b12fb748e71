// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_HELD_MESSAGES_H_
#define SLUICE_CLIENT_HELD_MESSAGES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "base/clock.h"

namespace sluice {

// The leases of a consumer: which message, known to the program by its ticket,
// is which delivery of which node, and when its lease was last renewed. Tickets
// are never used twice, so a completion that comes after the stream is gone
// finds nothing.
//
// Not thread-safe.
class HeldMessages {
 public:
  struct Place {
    std::string node;
    uint64_t delivery_id = 0;
  };

  // Returns the ticket.
  uint64_t Add(const std::string& node, uint64_t delivery_id, SteadyTime now);

  // It is completed. None when its lease is gone.
  absl::optional<Place> Take(uint64_t ticket);

  // Its lease is renewed. None when it is gone.
  absl::optional<Place> Renew(uint64_t ticket, SteadyTime now);

  // The node says that it holds this lease no more.
  void Lose(const std::string& node, uint64_t delivery_id);
  // The node's stream is gone.
  void LoseAll(const std::string& node);

  // The deliveries of a node whose leases were not renewed for `age`, and which
  // came less than `limit` ago. They count as renewed now.
  std::vector<uint64_t> RenewOlderThan(const std::string& node,
                                       absl::Duration age, absl::Duration limit,
                                       SteadyTime now);

  size_t size() const { return places_.size(); }
  uint32_t CountOf(const std::string& node) const;

 private:
  struct Lease {
    uint64_t ticket = 0;
    SteadyTime delivered;
    SteadyTime renewed;
  };
  using Leases = std::unordered_map<uint64_t, Lease>;  // by delivery id

  uint64_t last_ticket_ = 0;
  std::unordered_map<uint64_t, Place> places_;  // by ticket
  std::map<std::string, Leases> leases_;        // by node
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_HELD_MESSAGES_H_
