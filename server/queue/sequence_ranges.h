// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_SEQUENCE_RANGES_H_
#define SLUICE_SERVER_QUEUE_SEQUENCE_RANGES_H_

#include <cstddef>
#include <cstdint>

#include "absl/container/btree_map.h"
#include "server/storage/record_block.h"

namespace sluice {

// A set of sequences, kept as ranges [from, to) that neither touch nor overlap.
// Memory goes with the number of ranges, not of sequences: what is finished in
// order is one range, however long. Thread-compatible.
class SequenceRanges {
 public:
  // Ordered by start; value is the end.
  using Map = absl::btree_map<Sequence, Sequence>;

  // Adds [from, to); overlaps are fine, an empty range changes nothing.
  void Add(Sequence from, Sequence to);

  // Removes every sequence below `sequence`.
  void DropBelow(Sequence sequence);
  void Clear() { ranges_.clear(); }

  bool Contains(Sequence sequence) const {
    return SkipFrom(sequence) > sequence;
  }
  // The first sequence at or after `sequence` that is not in the set.
  Sequence SkipFrom(Sequence sequence) const;
  // How many sequences of [from, to) are in the set. Linear in the ranges
  // there.
  uint64_t CountIn(Sequence from, Sequence to) const;

  bool empty() const { return ranges_.empty(); }
  size_t size() const { return ranges_.size(); }
  const Map& ranges() const { return ranges_; }

 private:
  Map ranges_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_SEQUENCE_RANGES_H_
