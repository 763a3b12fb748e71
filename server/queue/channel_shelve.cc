// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// How a channel forgets deferred messages that are due late, and learns of them
// again before their time.
#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "server/queue/channel.h"
#include "server/queue/shelf_record.h"
#include "server/storage/keys.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

// A shelf is taken down so long before the first of its messages is due, and
// nothing is put on one that is due within twice that.
constexpr absl::Duration kTakeDownAhead = absl::Seconds(60);
// While memory is half full of unfinished messages the others stay on their
// shelves, due or not; it is looked again this soon.
constexpr absl::Duration kLookAgainAfter = absl::Milliseconds(100);
// The most that is taken down at a time.
constexpr size_t kMostOnShelf = 50'000;
// The most that is put away with one record: the channel stands still
// meanwhile.
constexpr size_t kMostPutAway = 100'000;
// After one could not be read.
constexpr absl::Duration kRetryAfter = absl::Seconds(1);

}  // namespace

size_t Channel::ShelfSize() const {
  return std::max<size_t>(1, env_.limits.channel_deferred_in_memory / 10);
}

std::vector<DeferredMessage> Channel::LateDeferred(
    size_t most, const std::function<bool(Sequence)>& is_wanted) const {
  const size_t in_memory = env_.limits.channel_deferred_in_memory;
  std::vector<DeferredMessage> late;
  if (deferred_.size() < in_memory + ShelfSize()) return late;
  size_t too_many = deferred_.size() - in_memory;
  const int64_t not_before =
      absl::ToUnixNanos(env_.clock.WallNow() + 2 * kTakeDownAhead);
  deferred_.ForEachFromLast([&](const DeferredMessage& message) {
    if (message.due < not_before || late.size() == most) return false;
    if (is_wanted(message.sequence)) late.push_back(message);
    return --too_many > 0;
  });
  return late;
}

std::vector<DeferredMessage> Channel::DueForShelves(size_t most) const {
  std::vector<DeferredMessage> late =
      LateDeferred(most, [this](Sequence sequence) {
        mu_.AssertHeld();
        return lot_.Holds(sequence);
      });
  // One by one they would cost a record each.
  if (late.size() < ShelfSize()) late.clear();
  return late;
}

void Channel::ShelveLate() {
  const std::vector<DeferredMessage> late = DueForShelves(kMostPutAway);
  for (size_t first = 0; first < late.size(); first += kMostOnShelf) {
    PutOnShelf(absl::MakeConstSpan(late).subspan(first, kMostOnShelf));
  }
}

void Channel::PutOnShelf(absl::Span<const DeferredMessage> late) {
  std::vector<CursorState::Unfinished> messages;
  messages.reserve(late.size());
  for (const DeferredMessage& message : late) {
    deferred_.Remove(message);
    messages.push_back({message.sequence, message.attempts, message.due,
                        lot_.Shelve(message.sequence)});
  }
  std::sort(messages.begin(), messages.end(), [](const auto& a, const auto& b) {
    return a.sequence < b.sequence;
  });
  shelves_.Put(std::move(messages));
}

SteadyTime Channel::NextTakeDown(SteadyTime now) const {
  const int64_t due = shelves_.NextDue();
  if (due == INT64_MAX) return SteadyTime::InfiniteFuture();
  absl::Duration wait =
      absl::FromUnixNanos(due) - kTakeDownAhead - env_.clock.WallNow();
  if (Exceptions() >= env_.limits.channel_unfinished_in_memory / 2) {
    wait = std::max(wait, kLookAgainAfter);
  }
  return std::max(retry_shelf_at_, now + ClampToSleep(wait));
}

void Channel::TakeDownShelf() {
  const SteadyTime now = env_.clock.SteadyNow();
  if (now < NextTakeDown(now)) return;
  std::weak_ptr<DeadlineListener> weak = weak_from_this();
  env_.io_pool.Submit(
      [this, weak, &store = env_.store, reading = shelves_.Begin()] {
        absl::StatusOr<CursorState> shelf =
            reading.record.has_value() ? CursorState::Decode(*reading.record)
                                       : ReadShelf(store, reading.key);
        if (const auto alive = weak.lock()) OnShelfRead(reading.id, shelf);
      });
}

void Channel::OnShelfRead(uint64_t id,
                          const absl::StatusOr<CursorState>& shelf) {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    if (!shelf.ok()) {
      spdlog::error(
          "deferred messages of channel {} of topic {}: {}; trying "
          "again in {}",
          name_, topic_, shelf.status().ToString(),
          absl::FormatDuration(kRetryAfter));
      shelves_.Abandon();
      retry_shelf_at_ = env_.clock.SteadyNow() + kRetryAfter;
    } else if (shelves_.End(id)) {
      for (const CursorState::Unfinished& message : shelf->unfinished) {
        deferred_.Add({message.due, message.sequence, message.attempts});
        lot_.Unshelve(message.sequence, message.parked_bytes);
      }
      MarkDirty(&aftermath);
      TakeDownShelf();
    }
    Arm(NextRelease(), &aftermath);
  }
  Conclude(aftermath);
}

std::vector<std::string> Channel::ShelfKeys() const {
  absl::MutexLock lock(&mu_);
  std::vector<std::string> keys;
  for (const CursorState::Shelf& shelf : shelves_.List()) {
    keys.push_back(ShelfKey(log_->id(), id_, shelf.id));
  }
  return keys;
}

}  // namespace sluice
