// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_UNWRITTEN_RECORDS_H_
#define SLUICE_SERVER_QUEUE_UNWRITTEN_RECORDS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "server/storage/message_store.h"

namespace sluice {

// What failed commits left to write: their records, the latest of each key,
// since the topics and channels they tell of are there; and the removal of
// their blocks, which may be on disk although nobody may find them. All of it
// goes with the first commit that succeeds. As much as was changed and
// published while the store took no writes. Owned by the Committer; not
// thread-safe.
class UnwrittenRecords {
 public:
  bool empty() const { return records_.empty() && removed_.empty(); }
  bool Holds(StateFamily family, absl::string_view key) const {
    return records_.contains(std::make_pair(family, std::string(key)));
  }

  // Takes over records that were not written.
  void Keep(std::vector<StateWrite>* records);
  // A block that a failed commit may have left behind is to go.
  void Remove(const LogPlace& place) { removed_.push_back(place); }
  // Adds all to `batch`, which then wants an fsync. They stay until Clear.
  void AddTo(StoreBatch* batch) const;
  // They are written.
  void Clear();

 private:
  absl::btree_map<std::pair<StateFamily, std::string>, StateWrite> records_;
  std::vector<LogPlace> removed_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_UNWRITTEN_RECORDS_H_
