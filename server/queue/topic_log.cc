// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/topic_log.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/queue/catalog_records.h"
#include "server/storage/keys.h"

namespace sluice {
namespace {

// Bytes of log, or time, between two marks: how coarse bytes() and
// PublishedUntil() may be, and a mark's 24 bytes for each of these.
constexpr uint64_t kMarkEveryBytes = 1 << 20;
constexpr int64_t kMarkEveryNanos = 10'000'000'000;

}  // namespace

TopicLog::TopicLog(TopicId id, bool ephemeral, const Start& start,
                   MemoryBudget& budget)
    : reserved_until(start.end),
      forgotten_before(start.first),
      forgotten_offset(start.first_offset),
      id_(id),
      ephemeral_(ephemeral),
      tail_(start.end, budget),
      first_(start.first),
      first_offset_(start.first_offset),
      end_offset_(start.end_offset),
      has_gaps_(!start.gaps.empty()),
      gaps_(start.gaps),
      next_sequence_(start.end),
      next_offset_(start.end_offset),
      recovered_end_(start.end) {}

uint64_t TopicLog::CountMessages(Sequence from, Sequence to) const {
  if (from >= to) return 0;
  if (!has_gaps_) return to - from;
  absl::MutexLock lock(&gaps_mu_);
  return to - from - gaps_.CountIn(from, to);
}

Sequence TopicLog::SkipGap(Sequence sequence) const {
  if (!has_gaps_) return sequence;
  absl::MutexLock lock(&gaps_mu_);
  return gaps_.SkipFrom(sequence);
}

void TopicLog::AddGap(Sequence from, Sequence to) {
  absl::MutexLock lock(&gaps_mu_);
  gaps_.Add(from, to);
  has_gaps_ = !gaps_.empty();
}

SequenceRanges TopicLog::gaps() const {
  absl::MutexLock lock(&gaps_mu_);
  return gaps_;
}

void TopicLog::Number(RecordBlock* block) {
  block->Seal(next_sequence_, next_offset_);
  const int64_t published = block->publish_time_unix_nano();
  const int64_t before = newest_ == 0 ? published : newest_;
  newest_ = std::max(newest_, published);
  if (marks_.empty() ||
      next_offset_ - marks_.back().offset >= kMarkEveryBytes ||
      newest_ - marks_.back().published_until >= kMarkEveryNanos) {
    marks_.push_back({next_sequence_, next_offset_, before});
  }
  next_sequence_ = block->end_sequence();
  next_offset_ += block->size();
}

void TopicLog::SkipNumbered() {
  // The gap first: who sees the new end must see that nothing is there.
  AddGap(end(), next_sequence_);
  tail_.SkipTo(next_sequence_);
  end_offset_ = next_offset_;
  may_have_holes = true;
  reserved_until = std::max(reserved_until, next_sequence_);
}

void TopicLog::Append(RecordBlockPtr block, LogTail::Placement placement) {
  const uint64_t end_offset = block->log_offset() + block->size();
  tail_.Append(std::move(block), placement);
  end_offset_ = end_offset;
}

Sequence TopicLog::PublishedUntil(int64_t time) {
  TakeSamples();
  if (newest_ != 0 && newest_ <= time) return end();
  const auto later = std::partition_point(
      marks_.begin(), marks_.end(),
      [time](const LogSample& mark) { return mark.published_until <= time; });
  return later == marks_.begin() ? first() : std::prev(later)->sequence;
}

void TopicLog::OfferSamples(LogSamples samples) {
  absl::MutexLock lock(&samples_mu_);
  offered_ = std::move(samples);
}

void TopicLog::TakeSamples() {
  LogSamples taken;
  {
    absl::MutexLock lock(&samples_mu_);
    if (!offered_.has_value()) return;
    taken = *std::exchange(offered_, absl::nullopt);
  }
  newest_ = std::max(newest_, taken.newest);
  // What this run wrote has marks of its own.
  while (!taken.samples.empty() && !marks_.empty() &&
         taken.samples.back().sequence >= marks_.front().sequence) {
    taken.samples.pop_back();
  }
  marks_.insert(marks_.begin(), taken.samples.begin(), taken.samples.end());
}

StateWrite TopicLog::MarkRecord(bool clean) const {
  LogMark mark;
  mark.first = forgotten_before;
  mark.first_offset = forgotten_offset;
  mark.reserved_until = clean ? end() : reserved_until;
  mark.end_offset = clean ? next_offset() : 0;
  mark.held_memory = !clean && may_have_holes;
  mark.clean = clean;
  return {StateFamily::kMeta, LogMarkKey(id_), mark.Encode()};
}

void TopicLog::AdvanceFirst(Sequence sequence) {
  while (marks_.size() > 1 && marks_[1].sequence <= sequence) {
    marks_.pop_front();
  }
  uint64_t offset = first_offset_;
  if (sequence >= end()) {
    offset = end_offset_;
  } else if (!marks_.empty() && marks_.front().sequence <= sequence) {
    offset = std::max(offset, marks_.front().offset);
  }
  first_offset_ = offset;
  first_ = std::max(first(), sequence);
}

}  // namespace sluice
