// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// How a channel lets go of the log although it has not finished all of it: old
// messages get copies of their own.
#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "server/queue/block_finder.h"
#include "server/queue/channel.h"
#include "server/queue/parked_record.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

// Copied at a time: bounds what is in memory until the next save.
constexpr size_t kMostCopied = 10'000;
constexpr size_t kMostCopiedBytes = 4 << 20;
// The same for what goes on a shelf. More, for the cursor record lists them all
// until then, and is written each time.
constexpr size_t kMostShelved = 250'000;
constexpr size_t kMostShelvedBytes = 64 << 20;
// After none could be read.
constexpr absl::Duration kRetryAfter = absl::Seconds(1);
// Read back at a time.
constexpr size_t kMostReadBack = 256;

}  // namespace

bool Channel::WindowIsWide() const {
  const uint64_t window = cursor_ - floor_;
  const Limits& limits = env_.limits;
  if (window > limits.channel_window_messages) return true;
  const uint64_t messages = std::max<uint64_t>(log_->end() - log_->first(), 1);
  return window * (log_->bytes() / messages) > limits.channel_window_bytes;
}

void Channel::ParkOldest() {
  if (ephemeral_ || log_->ephemeral() || lot_.reading() || lot_.has_unsaved() ||
      !closed_.ok() || env_.clock.SteadyNow() < retry_parking_at_) {
    return;
  }
  // What is to be put on a shelf is parked before.
  const auto is_new = [this](Sequence sequence) {
    return !lot_.Knows(sequence);
  };
  std::vector<Sequence> late;
  for (const DeferredMessage& message : LateDeferred(kMostShelved, is_new)) {
    late.push_back(message.sequence);
  }
  if (!late.empty()) return StartCopying(std::move(late), kMostShelvedBytes);
  if (!WindowIsWide()) return;
  std::vector<Sequence> oldest = OldestExceptions();
  if (!oldest.empty()) StartCopying(std::move(oldest), kMostCopiedBytes);
}

std::vector<Sequence> Channel::OldestExceptions() const {
  std::vector<Sequence> oldest;
  const Sequence below = floor_ + (cursor_ - floor_ + 1) / 2;
  const auto consider = [&](Sequence sequence) {
    if (sequence < below && !lot_.Knows(sequence)) oldest.push_back(sequence);
  };
  leases_.ForEach([&](const Lease& lease) { consider(lease.sequence); });
  deferred_.ForEach(
      [&](const DeferredMessage& message) { consider(message.sequence); });
  for (const ReadyAgain& message : ready_again_) consider(message.sequence);
  std::sort(oldest.begin(), oldest.end());
  if (oldest.size() > kMostCopied) oldest.resize(kMostCopied);
  return oldest;
}

void Channel::StartCopying(std::vector<Sequence> sequences, size_t most_bytes) {
  std::sort(sequences.begin(), sequences.end());
  lot_.Begin(sequences);
  std::weak_ptr<DeadlineListener> weak = weak_from_this();
  env_.io_pool.Submit([this, weak, log = log_, &store = env_.store,
                       sequences = std::move(sequences), most_bytes] {
    BlockFinder finder(*log, store);
    std::vector<RecordBlockPtr> copies;
    size_t bytes = 0;
    Sequence damaged_until = 0;
    for (const Sequence sequence : sequences) {
      if (sequence < damaged_until) continue;
      const auto block = finder.Find(sequence);
      if (!block.ok()) {
        spdlog::error("message {} of topic id {} holds the log: {}", sequence,
                      log->id(), block.status().ToString());
        if (!absl::IsDataLoss(block.status())) break;
        // It is dropped when it comes up; the others need not wait for that.
        damaged_until =
            store.SkipDamage(log->id(), sequence, log->end()).value_or(0);
        continue;
      }
      if (*block == nullptr) continue;
      copies.push_back(CopyForParking(
          **block,
          static_cast<uint32_t>(sequence - (*block)->first_sequence())));
      bytes += copies.back()->size();
      if (bytes >= most_bytes) break;
    }
    if (const auto alive = weak.lock()) OnCopied(copies);
  });
}

void Channel::OnCopied(const std::vector<RecordBlockPtr>& copies) {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    lot_.Arrive(copies);
    if (copies.empty()) {
      retry_parking_at_ = env_.clock.SteadyNow() + kRetryAfter;
      // No take comes by in a channel that has no room.
      if (IsFull()) Arm(retry_parking_at_, &aftermath);
    }
    if (lot_.has_unsaved()) {
      MarkDirty(&aftermath);
      aftermath.save_urgently = true;
    }
  }
  Conclude(aftermath);
}

void Channel::OnCursorSaved(Sequence floor) {
  saved_floor_ = floor;
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    shelves_.Saved();
    const std::vector<Sequence> parked = lot_.Saved();
    for (const Sequence sequence : parked) PassOver(sequence, sequence + 1);
    if (!parked.empty()) {
      MarkDirty(&aftermath);
      UpdateFloor(&aftermath);
      ParkOldest();
    }
    // More wait to be put on shelves than go with one record.
    if (!DueForShelves(ShelfSize()).empty()) MarkDirty(&aftermath);
    // What went on a shelf made room for messages not met yet.
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

void Channel::OnCursorNotSaved() {
  absl::MutexLock lock(&mu_);
  lot_.NotSaved();
  shelves_.NotSaved();
}

void Channel::StartParkedRead() {
  std::vector<Sequence> wanted;
  for (const ReadyAgain& message : ready_again_) {
    if (wanted.size() == kMostReadBack) break;
    if (lot_.Holds(message.sequence)) wanted.push_back(message.sequence);
  }
  again_window_.reading = true;
  std::weak_ptr<DeadlineListener> weak = weak_from_this();
  env_.io_pool.Submit([this, weak, log = log_, &store = env_.store,
                       channel = id_, wanted = std::move(wanted)] {
    absl::StatusOr<std::vector<RecordBlockPtr>> blocks =
        std::vector<RecordBlockPtr>();
    size_t bytes = 0;
    for (const Sequence sequence : wanted) {
      auto copy = ReadParked(store, log->id(), channel, sequence);
      if (!copy.ok()) {
        if (sequence == wanted.front()) blocks = copy.status();
        break;
      }
      // Without the first it is given up; the others are asked for in turn.
      if (*copy == nullptr) break;
      bytes += (*copy)->size();
      blocks->push_back(*std::move(copy));
      if (bytes >= BacklogWindow::kChunkBytes) break;
    }
    if (blocks.ok()) {
      std::sort(blocks->begin(), blocks->end(),
                [](const RecordBlockPtr& a, const RecordBlockPtr& b) {
                  return a->first_sequence() < b->first_sequence();
                });
    }
    if (const auto alive = weak.lock()) {
      OnRead(Window::kAgain, wanted.front(), wanted.front() + 1,
             std::move(blocks));
    }
  });
}

uint64_t Channel::parked_bytes() const {
  absl::MutexLock lock(&mu_);
  return lot_.bytes();
}

}  // namespace sluice
