// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_UNWRITTEN_RECORDS_H_
#define SLUICE_SERVER_QUEUE_UNWRITTEN_RECORDS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "server/storage/message_store.h"

namespace sluice {

// Records of commits that failed, the latest of each key: the topics and
// channels they tell of are there, so they go with the first commit that
// succeeds. As many as topics and channels changed while the store took no
// writes. Owned by the Committer; not thread-safe.
class UnwrittenRecords {
 public:
  bool empty() const { return records_.empty(); }

  // Takes over records that were not written.
  void Keep(std::vector<StateWrite>* records);
  // Adds all to `batch`, which then wants an fsync. They stay until Clear.
  void AddTo(StoreBatch* batch) const;
  // They are written.
  void Clear() { records_.clear(); }

 private:
  absl::btree_map<std::pair<StateFamily, std::string>, StateWrite> records_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_UNWRITTEN_RECORDS_H_
