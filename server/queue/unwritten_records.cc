// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/unwritten_records.h"

namespace sluice {

void UnwrittenRecords::Keep(std::vector<StateWrite>* records) {
  for (StateWrite& record : *records) {
    if (!record.erase_to.empty()) {  // what it erases is not to come back
      records_.erase(records_.lower_bound({record.family, record.key}),
                     records_.lower_bound({record.family, record.erase_to}));
    }
    records_[{record.family, record.key}] = std::move(record);
  }
}

void UnwrittenRecords::AddTo(StoreBatch* batch) const {
  if (empty()) return;
  for (const auto& [key, record] : records_) batch->state.push_back(record);
  batch->removed.insert(batch->removed.end(), removed_.begin(), removed_.end());
  batch->sync = true;
}

void UnwrittenRecords::Clear() {
  records_.clear();
  removed_.clear();
}

}  // namespace sluice
