// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/sequence_ranges.h"

#include <algorithm>
#include <cstdint>

namespace sluice {

void SequenceRanges::Add(Sequence from, Sequence to) {
  if (from >= to) return;
  auto next = ranges_.upper_bound(from);
  if (next != ranges_.begin()) {
    const auto before = std::prev(next);
    if (before->second >= from) {  // touches or overlaps: grow that one
      from = before->first;
      to = std::max(to, before->second);
      next = ranges_.erase(before);
    }
  }
  while (next != ranges_.end() && next->first <= to) {
    to = std::max(to, next->second);
    next = ranges_.erase(next);
  }
  ranges_.emplace_hint(next, from, to);
}

void SequenceRanges::DropBelow(Sequence sequence) {
  while (!ranges_.empty() && ranges_.begin()->first < sequence) {
    const auto [from, to] = *ranges_.begin();
    ranges_.erase(ranges_.begin());
    if (to > sequence) {
      ranges_.emplace(sequence, to);
      return;
    }
  }
}

Sequence SequenceRanges::SkipFrom(Sequence sequence) const {
  auto next = ranges_.upper_bound(sequence);
  if (next == ranges_.begin()) return sequence;
  return std::max(sequence, std::prev(next)->second);
}

uint64_t SequenceRanges::CountIn(Sequence from, Sequence to) const {
  if (from >= to) return 0;
  uint64_t count = 0;
  auto it = ranges_.upper_bound(from);
  if (it != ranges_.begin()) --it;
  for (; it != ranges_.end() && it->first < to; ++it) {
    const Sequence start = std::max(it->first, from);
    const Sequence end = std::min(it->second, to);
    if (end > start) count += end - start;
  }
  return count;
}

}  // namespace sluice
