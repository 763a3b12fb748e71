// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_READY_DISTRIBUTION_H_
#define SLUICE_CLIENT_READY_DISTRIBUTION_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"

namespace sluice {

// Divides a consumer's max_in_flight among its nodes as their RDY.
//
//   - Nodes that send share it evenly. One that has sent nothing for
//     `idle_after` keeps one message of it, to be heard when it has some.
//   - No node gets more than it allows.
//   - Where there is less to share than there are nodes, so many have one each,
//     and they take turns: one that gets no message within kIdleTurn, or had
//     its turn for kLongTurn, passes it on to the one that waits longest. A
//     turn is not passed on while its message is held.
//
// The sum of the levels never exceeds what is to be shared. What a node holds
// above a level that was lowered counts too, until it is completed.
//
// Not thread-safe.
class ReadyDistribution {
 public:
  static constexpr absl::Duration kIdleTurn = absl::Seconds(1);
  static constexpr absl::Duration kLongTurn = absl::Seconds(30);

  struct Level {
    std::string node;
    uint32_t ready;
  };

  explicit ReadyDistribution(absl::Duration idle_after)
      : idle_after_(idle_after) {}

  // A node that can deliver; it counts as busy at first. `max_ready` is at
  // least 1.
  void Add(const std::string& node, uint32_t max_ready, SteadyTime now);
  void Remove(const std::string& node);

  // What is to be shared: max_in_flight, 1 for a probe, 0 for a pause.
  void SetTotal(uint32_t total) { total_ = total; }

  // The node sent messages. True when it was idle, so that Distribute is due.
  bool OnMessages(const std::string& node, SteadyTime now);
  void SetInFlight(const std::string& node, uint32_t messages);

  // Works out the levels; returns those that changed, the lowered ones first,
  // so that together the nodes are never allowed more than the total.
  std::vector<Level> Distribute(SteadyTime now);

  // 0 for an unknown node.
  uint32_t ready(const std::string& node) const;

 private:
  struct Node {
    uint32_t max_ready = 1;
    uint32_t in_flight = 0;
    uint32_t ready = 0;
    uint32_t next = 0;  // what Distribute makes of it
    SteadyTime last_message;
    SteadyTime turn_began;  // or ended
  };

  bool Idle(const Node& node, SteadyTime now) const {
    return node.last_message + idle_after_ <= now;
  }
  void WaitForExcess();
  void ShareEvenly(SteadyTime now);
  void TakeTurns(SteadyTime now);
  void Raise(const std::vector<Node*>& nodes, uint32_t* rest);

  const absl::Duration idle_after_;
  uint32_t total_ = 0;
  std::map<std::string, Node> nodes_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_READY_DISTRIBUTION_H_
