// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// How a channel describes itself.
#include <algorithm>
#include <utility>

#include "server/queue/channel.h"

namespace sluice {

uint64_t Channel::in_flight() const {
  absl::MutexLock lock(&mu_);
  return leases_.size();
}

uint64_t Channel::unfinished() const {
  absl::MutexLock lock(&mu_);
  return Unfinished();
}

ChannelStats Channel::Stats(bool include_subscribers) {
  ChannelStats stats;
  absl::MutexLock lock(&mu_);
  DropOverflow();
  stats.channel = name_;
  stats.depth = AheadOfCursor() + ready_again_.size() + GivenUp();
  stats.in_flight_count = leases_.size();
  stats.deferred_count = deferred_.size() + shelves_.message_count();
  stats.finish_count = finish_count_;
  stats.requeue_count = requeue_count_;
  stats.timeout_count = timeout_count_;
  stats.dropped_count = dropped_count_;
  stats.dead_letter_count = dead_letter_count_;
  stats.message_count = stats.finish_count + stats.dead_letter_count +
                        stats.dropped_count + stats.depth +
                        stats.in_flight_count + stats.deferred_count;
  stats.subscriber_count = attachments_.size();
  stats.paused = paused_;
  stats.oldest_message_age = OldestAge();
  if (!include_subscribers) return stats;
  for (const auto& attachment : attachments_) {
    stats.subscribers.push_back(
        {attachment->spec.client_id, attachment->spec.peer,
         attachment->spec.user_agent, attachment->id, attachment->ready_count,
         attachment->leased, attachment->delivery_count,
         attachment->finish_count, attachment->requeue_count,
         attachment->connect_time});
  }
  return stats;
}

absl::Duration Channel::OldestAge() {
  const Sequence floor = log_->SkipGap(floor_);
  if (floor >= log_->visible_end()) return absl::ZeroDuration();
  if (oldest_sequence_ != floor) {
    blocks_.clear();
    log_->tail().Snapshot(floor, 1, &blocks_);
    RecordBlockPtr block =
        blocks_.empty() ? log_window_.Find(floor) : blocks_.front();
    blocks_.clear();
    if (block != nullptr) {
      oldest_sequence_ = floor;
      oldest_publish_time_ = block->publish_time_unix_nano();
    } else if (!reading_oldest_ && !log_->ephemeral()) {
      // Answered from the last known until the disk has said it.
      reading_oldest_ = true;
      std::weak_ptr<DeadlineListener> weak = weak_from_this();
      env_.io_pool.Submit([this, weak, log = log_, &store = env_.store, floor] {
        const auto blocks = store.ReadBlocks(log->id(), floor, floor + 1, 1);
        const auto alive = weak.lock();
        if (alive == nullptr) return;
        absl::MutexLock lock(&mu_);
        reading_oldest_ = false;
        if (!blocks.ok() || blocks->empty()) return;
        oldest_sequence_ = floor;
        oldest_publish_time_ = blocks->front()->publish_time_unix_nano();
      });
    }
  }
  if (oldest_publish_time_ == 0) return absl::ZeroDuration();
  const absl::Duration age =
      env_.clock.WallNow() - absl::FromUnixNanos(oldest_publish_time_);
  return std::max(age, absl::ZeroDuration());
}

std::vector<Channel::PeekEntry> Channel::Peek(
    Sequence from, uint32_t limit, absl::optional<MessageState> state) const {
  const auto is_wanted = [state](MessageState candidate) {
    return state.value_or(candidate) == candidate;
  };
  std::vector<PeekEntry> entries;
  const auto add = [&](Sequence sequence, uint32_t attempts,
                       MessageState candidate) {
    if (sequence >= from && is_wanted(candidate)) {
      entries.push_back({sequence, attempts, candidate});
    }
  };
  absl::MutexLock lock(&mu_);
  leases_.ForEach([&](const Lease& lease) {
    add(lease.sequence, lease.attempts, MessageState::kInFlight);
  });
  for (const ReadyAgain& message : ready_again_) {
    add(message.sequence, message.attempts, MessageState::kReady);
  }
  for (const ReadyAgain& message : dead_) {
    add(message.sequence, message.attempts, MessageState::kReady);
  }
  for (const ReadyAgain& message : letters_) {
    add(message.sequence, message.attempts, MessageState::kReady);
  }
  deferred_.ForEach([&](const DeferredMessage& message) {
    add(message.sequence, message.attempts, MessageState::kDeferred);
  });
  std::sort(entries.begin(), entries.end(),
            [](const PeekEntry& a, const PeekEntry& b) {
              return a.sequence < b.sequence;
            });
  if (entries.size() > limit) entries.resize(limit);
  const Sequence end = log_->visible_end();
  Sequence at = std::max(cursor_, from);
  while (is_wanted(MessageState::kReady) && entries.size() < limit) {
    at = log_->SkipGap(at);
    if (at >= end) break;
    entries.push_back({at, 0, MessageState::kReady});
    ++at;
  }
  return entries;
}

}  // namespace sluice
