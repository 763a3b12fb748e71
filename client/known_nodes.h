// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_KNOWN_NODES_H_
#define SLUICE_CLIENT_KNOWN_NODES_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"

namespace sluice {

// The nodes there are, as far as several lookups tell together. A node that one
// of them names is there. One that none names any more stays while it is in use
// and `forget_after` beyond, because a lookup that has just started knows
// nothing, and one that cannot be asked says nothing.
//
// A fixed list is one lookup that answered once.
//
// Not thread-safe.
class KnownNodes {
 public:
  explicit KnownNodes(absl::Duration forget_after)
      : forget_after_(forget_after) {}

  // The answer of a lookup, which replaces its last one. Returns the nodes that
  // are new, or that no lookup had named just before: those to try at once.
  std::vector<std::string> OnAnswer(size_t lookup,
                                    const std::vector<std::string>& addresses,
                                    SteadyTime now);

  // Whether there is a working stream to it. Nothing for an unknown node.
  void SetInUse(const std::string& address, bool in_use, SteadyTime now);

  // Leave it: what it had was deleted there, and asking for it would bring it
  // back. It comes again when a lookup names it anew, or at `until`.
  void SetAside(const std::string& address, SteadyTime until);

  // Forgets what is due. Returns those that are gone.
  std::vector<std::string> Forget(SteadyTime now);

  // Nodes set aside whose time is over, which are known again.
  std::vector<std::string> TakeBack(SteadyTime now);

  // In order of their names; without those set aside.
  std::vector<std::string> addresses() const;
  bool Contains(const std::string& address) const;

 private:
  struct Node {
    std::set<size_t> named_by;
    bool in_use = false;
    SteadyTime unused_since;  // or unnamed, whichever was later
    bool aside = false;
    SteadyTime aside_until;
  };

  const absl::Duration forget_after_;
  std::map<std::string, Node> nodes_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_KNOWN_NODES_H_
