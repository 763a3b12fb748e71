// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/backlog_window.h"

#include <algorithm>

namespace sluice {

RecordBlockPtr BacklogWindow::Advance(Sequence sequence) {
  while (!blocks_.empty() && blocks_.front()->end_sequence() <= sequence) {
    bytes_ -= blocks_.front()->size();
    blocks_.pop_front();
  }
  if (blocks_.empty() || blocks_.front()->first_sequence() > sequence) {
    return nullptr;
  }
  return blocks_.front();
}

RecordBlockPtr BacklogWindow::Find(Sequence sequence) const {
  const auto block =
      std::upper_bound(blocks_.begin(), blocks_.end(), sequence,
                       [](Sequence wanted, const RecordBlockPtr& candidate) {
                         return wanted < candidate->end_sequence();
                       });
  if (block == blocks_.end() || (*block)->first_sequence() > sequence) {
    return nullptr;
  }
  return *block;
}

void BacklogWindow::Add(const std::vector<RecordBlockPtr>& blocks) {
  for (const RecordBlockPtr& block : blocks) {
    if (block->first_sequence() < end()) continue;  // read twice
    blocks_.push_back(block);
    bytes_ += block->size();
  }
}

void BacklogWindow::Clear() {
  blocks_.clear();
  bytes_ = 0;
}

bool BacklogWindow::RunsLow() const { return bytes_ < kChunkBytes / 2; }

}  // namespace sluice
