// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/log_tail.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sluice {
namespace {

using Blocks = std::deque<RecordBlockPtr>;

// The first block that ends after `from`.
Blocks::const_iterator FirstEndingAfter(const Blocks& blocks, Sequence from) {
  return std::upper_bound(blocks.begin(), blocks.end(), from,
                          [](Sequence sequence, const RecordBlockPtr& block) {
                            return sequence < block->end_sequence();
                          });
}

}  // namespace

LogTail::LogTail(Sequence end, MemoryBudget& budget)
    : budget_(budget), end_(end) {}

LogTail::~LogTail() {
  absl::MutexLock lock(&mu_);
  while (!queued_.empty()) PopFrontQueued();
  while (!cached_.empty()) PopFrontBlock(cached_, budget_.cached_bytes);
}

void LogTail::Append(RecordBlockPtr block, Placement placement) {
  assert(block->first_sequence() == end());
  const Sequence end = block->end_sequence();
  absl::MutexLock lock(&mu_);
  if (queued_.empty() && cached_.empty()) front_end_ = end;
  if (placement == Placement::kQueued) {
    budget_.queued_bytes += block->size();
    queued_messages_ += block->message_count();
    queued_.push_back(std::move(block));
  } else {
    budget_.cached_bytes += block->size();
    cached_.push_back(std::move(block));
  }
  end_ = end;
}

Sequence LogTail::Snapshot(Sequence from, uint64_t messages,
                           std::vector<RecordBlockPtr>* blocks) const {
  absl::MutexLock lock(&mu_);
  auto queued = FirstEndingAfter(queued_, from);
  auto cached = FirstEndingAfter(cached_, from);
  Sequence at = from;
  while (at < from + messages) {
    const bool in_queued =
        queued != queued_.end() && (*queued)->first_sequence() <= at;
    const bool in_cached =
        cached != cached_.end() && (*cached)->first_sequence() <= at;
    if (!in_queued && !in_cached) break;
    auto& next = in_queued ? queued : cached;
    blocks->push_back(*next);
    at = (*next)->end_sequence();
    ++next;
  }
  if (at > from) return at;
  Sequence next_start = end();
  if (queued != queued_.end()) {
    next_start = std::min(next_start, (*queued)->first_sequence());
  }
  if (cached != cached_.end()) {
    next_start = std::min(next_start, (*cached)->first_sequence());
  }
  return next_start;
}

void LogTail::Trim(Sequence before) {
  if (before < front_end_.load(std::memory_order_relaxed)) return;
  absl::MutexLock lock(&mu_);
  while (!queued_.empty() && queued_.front()->end_sequence() <= before) {
    PopFrontQueued();
  }
  while (!cached_.empty() && cached_.front()->end_sequence() <= before) {
    PopFrontBlock(cached_, budget_.cached_bytes);
  }
  NoteFront();
}

bool LogTail::EvictCached(Sequence first) {
  absl::MutexLock lock(&mu_);
  if (cached_.empty() || cached_.front()->first_sequence() != first) {
    return false;
  }
  PopFrontBlock(cached_, budget_.cached_bytes);
  NoteFront();
  return true;
}

bool LogTail::CachedIsGone(Sequence first) const {
  absl::MutexLock lock(&mu_);
  return cached_.empty() || cached_.front()->first_sequence() > first;
}

void LogTail::DropOldestQueued(uint64_t messages) {
  absl::MutexLock lock(&mu_);
  while (queued_.size() > 1 && queued_messages() > messages) PopFrontQueued();
  NoteFront();
}

uint64_t LogTail::QueuedFrom(Sequence from) const {
  absl::MutexLock lock(&mu_);
  auto block = FirstEndingAfter(queued_, from);
  if (block == queued_.end()) return 0;
  // What is queued less what lies before, counted from the nearer side: the
  // front is where consumers work.
  uint64_t before =
      std::max((*block)->first_sequence(), from) - (*block)->first_sequence();
  for (auto it = queued_.begin(); it != block; ++it) {
    before += (*it)->message_count();
  }
  return queued_messages() - before;
}

Sequence LogTail::QueuedStart() const {
  absl::MutexLock lock(&mu_);
  return queued_.empty() ? end() : queued_.front()->first_sequence();
}

std::vector<RecordBlockPtr> LogTail::QueuedBlocks(Sequence from) const {
  absl::MutexLock lock(&mu_);
  return {FirstEndingAfter(queued_, from), queued_.end()};
}

void LogTail::PopFrontBlock(Blocks& blocks, std::atomic<uint64_t>& bytes) {
  bytes -= blocks.front()->size();
  blocks.pop_front();
}

void LogTail::PopFrontQueued() {
  queued_messages_ -= queued_.front()->message_count();
  gone_below_ = queued_.front()->end_sequence();
  PopFrontBlock(queued_, budget_.queued_bytes);
}

void LogTail::NoteFront() {
  Sequence front_end = UINT64_MAX;
  if (!queued_.empty()) front_end = queued_.front()->end_sequence();
  if (!cached_.empty()) {
    front_end = std::min(front_end, cached_.front()->end_sequence());
  }
  front_end_ = front_end;
}

}  // namespace sluice
