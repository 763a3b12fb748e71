// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_ANNOUNCE_NAMES_H_
#define SLUICE_SERVER_ANNOUNCE_NAMES_H_

#include <string>
#include <tuple>
#include <vector>

namespace sluice {

// A topic, or a channel of one, as a lookup server is told of it.
struct Name {
  std::string topic;
  std::string channel;  // empty: the topic itself

  friend bool operator<(const Name& a, const Name& b) {
    return std::tie(a.topic, a.channel) < std::tie(b.topic, b.channel);
  }
  friend bool operator==(const Name& a, const Name& b) {
    return a.topic == b.topic && a.channel == b.channel;
  }
};

// All that a node has at one moment, sorted; each channel's topic is there,
// too, and stands before it.
using Names = std::vector<Name>;

// What a lookup server must be told.
struct NameChange {
  bool add = false;  // or remove
  Name name;

  friend bool operator==(const NameChange& a, const NameChange& b) {
    return a.add == b.add && a.name == b.name;
  }
};

// The shortest way from `told` to `has`: removals first; a topic that goes
// takes its channels along, a channel that comes brings its topic.
std::vector<NameChange> ChangesBetween(const Names& told, const Names& has);

}  // namespace sluice

#endif  // SLUICE_SERVER_ANNOUNCE_NAMES_H_
