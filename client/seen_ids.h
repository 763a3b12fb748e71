// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_SEEN_IDS_H_
#define SLUICE_CLIENT_SEEN_IDS_H_

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

#include "absl/time/time.h"
#include "base/clock.h"

namespace sluice {

// Remembers the dedup ids of messages, so that the second copy of one is not
// worked on: up to `max_ids` of them, each for `max_age` after it was last
// touched. The oldest go first; those still worked on stay, whose number the
// consumer bounds.
//
// Not thread-safe.
class SeenIds {
 public:
  enum class Verdict {
    kNew,       // work on it; it counts as under way now
    kUnderWay,  // a copy is being worked on: its fate is open
    kDone,      // a copy was finished: drop this one
  };

  SeenIds(size_t max_ids, absl::Duration max_age)
      : max_ids_(max_ids), max_age_(max_age) {}

  Verdict See(const std::string& id, SteadyTime now);

  // How the copy under way ended: it was finished, or not.
  void Finished(const std::string& id, SteadyTime now);
  void Failed(const std::string& id);

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    bool done = false;
    SteadyTime seen;
    std::list<std::string>::iterator place;  // in order_, once done
  };

  void Trim(SteadyTime now);

  const size_t max_ids_;
  const absl::Duration max_age_;
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> order_;  // of those done, the oldest first
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_SEEN_IDS_H_
