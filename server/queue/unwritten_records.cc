// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/unwritten_records.h"

namespace sluice {

void UnwrittenRecords::Keep(std::vector<StateWrite>* records) {
  for (StateWrite& record : *records) {
    records_[{record.family, record.key}] = std::move(record);
  }
}

void UnwrittenRecords::AddTo(StoreBatch* batch) const {
  for (const auto& [place, record] : records_) {
    batch->state.push_back(record);
    batch->sync = true;
  }
}

}  // namespace sluice
