// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/dedup_window.h"

#include <xxhash.h>

#include <algorithm>

#include "absl/random/random.h"

namespace sluice {
namespace {

// So that nobody can choose ids that collide.
uint64_t RandomSeed() {
  absl::BitGen random;
  return absl::Uniform<uint64_t>(random);
}

}  // namespace

DedupWindow::DedupWindow(const DedupLimits& limits)
    : limits_(limits), seed_(RandomSeed()) {}

DedupWindow::Hash DedupWindow::HashOf(absl::string_view request_id) const {
  const XXH128_hash_t hash =
      XXH3_128bits_withSeed(request_id.data(), request_id.size(), seed_);
  return {hash.high64, hash.low64};
}

bool DedupWindow::TooOld(int64_t time_unix_nanos, absl::Time now) const {
  return now - absl::FromUnixNanos(time_unix_nanos) >= limits_.age;
}

absl::optional<PublishOutcome> DedupWindow::Find(absl::string_view request_id,
                                                 absl::Time now) const {
  const auto found = answers_.find(HashOf(request_id));
  if (found == answers_.end()) return absl::nullopt;
  // Too old ones may still be there. They are in order: the oldest that counts
  // says which.
  const auto counts = std::partition_point(
      order_.begin(), order_.end(),
      [&](const Entry& entry) { return TooOld(entry.time_unix_nanos, now); });
  if (counts == order_.end()) return absl::nullopt;
  const Answer& answer = found->second;
  if (answer.first_message < answers_.find(counts->id)->second.first_message) {
    return absl::nullopt;
  }
  return PublishOutcome{answer.first_message, answer.message_count,
                        answer.durability};
}

void DedupWindow::Add(absl::string_view request_id,
                      const PublishOutcome& outcome, absl::Time now,
                      Written written) {
  Expire(now);
  if (order_.size() >= limits_.max_ids) DropOldest();
  int64_t time = absl::ToUnixNanos(now);
  if (!order_.empty()) time = std::max(time, order_.back().time_unix_nanos);
  if (order_.empty()) first_ = outcome.first_message_id;
  const Hash id = HashOf(request_id);
  answers_[id] = {outcome.first_message_id, outcome.message_count,
                  outcome.durability};
  order_.push_back({id, time});
  if (written == Written::kNo) {
    unwritten_.push_back({outcome.first_message_id, std::string(request_id)});
  }
}

void DedupWindow::Restore(Sequence first_message, const DedupRecord& record) {
  // A window that was made longer meets ids that had expired and were used
  // again: the first answer stays.
  if (answers_.contains(HashOf(record.request_id))) return;
  Add(record.request_id,
      {first_message, record.message_count, record.durability}, record.time,
      Written::kYes);
}

void DedupWindow::TakeBack(Sequence from) {
  while (!order_.empty()) {
    const auto newest = answers_.find(order_.back().id);
    if (newest->second.first_message < from) break;
    answers_.erase(newest);
    order_.pop_back();
  }
  while (!unwritten_.empty() && unwritten_.back().first_message >= from) {
    unwritten_.pop_back();
  }
}

void DedupWindow::Expire(absl::Time now) {
  while (!order_.empty() && TooOld(order_.front().time_unix_nanos, now)) {
    DropOldest();
  }
}

void DedupWindow::DropOldest() {
  const auto oldest = answers_.find(order_.front().id);
  first_ = oldest->second.first_message + 1;
  answers_.erase(oldest);
  order_.pop_front();
  if (!order_.empty()) {
    first_ = answers_.find(order_.front().id)->second.first_message;
  }
  while (!unwritten_.empty() && unwritten_.front().first_message < first_) {
    unwritten_.pop_front();
  }
}

std::vector<std::pair<Sequence, DedupRecord>> DedupWindow::Unwritten() const {
  std::vector<std::pair<Sequence, DedupRecord>> records;
  size_t at = 0;
  for (const Entry& entry : order_) {
    if (at == unwritten_.size()) break;
    const Answer& answer = answers_.find(entry.id)->second;
    if (answer.first_message != unwritten_[at].first_message) continue;
    records.push_back(
        {answer.first_message,
         {unwritten_[at].request_id, answer.message_count, answer.durability,
          absl::FromUnixNanos(entry.time_unix_nanos)}});
    ++at;
  }
  return records;
}

}  // namespace sluice
