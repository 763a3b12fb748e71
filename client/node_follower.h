// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_NODE_FOLLOWER_H_
#define SLUICE_CLIENT_NODE_FOLLOWER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/client_runtime.h"

namespace sluice {

// Tells which nodes there are, as they change. Of a fixed list once. With
// lookups each of them is asked at its interval, and at a short one while it
// does not answer; those that have a topic are followed by Watch besides, which
// tells of a change at once.
//
// On the loop only. Destroy it there.
class NodeFollower {
 public:
  // An answer of a lookup, which is the whole of what it knows: addresses of
  // nodes. A lookup that does not answer is silent. May be called within Start.
  using OnAnswer = std::function<void(
      size_t lookup, const std::vector<std::string>& addresses)>;

  // Nodes that have the topic, or all of them where it is empty.
  NodeFollower(ClientRuntime* runtime, std::string topic, OnAnswer on_answer);
  ~NodeFollower();

  void Start();

  // No node works: ask now rather than at the next interval.
  void Hurry();

 private:
  class Lookup;

  ClientRuntime* const runtime_;
  const std::string topic_;
  const OnAnswer on_answer_;
  std::vector<std::unique_ptr<Lookup>> lookups_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_NODE_FOLLOWER_H_
