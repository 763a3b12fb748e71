// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// How a channel hands out messages: from those ready again and from the log,
// out of memory or read back from disk.
#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "server/queue/channel.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

constexpr absl::Duration kReadRetryAfter = absl::Seconds(1);
// What one take passes over of the messages that nobody gets, or gets later:
// all who use the channel wait meanwhile.
constexpr uint32_t kMostPassed = 10'000;

uint32_t OneMore(uint32_t attempts) {
  return attempts == UINT32_MAX ? attempts : attempts + 1;
}

}  // namespace

uint32_t Channel::TakeLocked(Attachment& attachment, const TakeLimit& limit,
                             std::vector<DeliveryRun>* runs,
                             Aftermath* aftermath) {
  Unlist(attachment);
  NoteArrival(attachment);
  attachment.wanting = false;
  Taking taking{std::min(limit.messages, attachment.Capacity()),
                limit.body_bytes,
                runs->size(),
                0,
                attachment.spec.sample_percent,
                0,
                0,
                runs};
  if (attachment.ready_bytes > 0 && !attachment.spec.auto_finish) {
    const uint64_t room =
        attachment.ready_bytes -
        std::min(attachment.ready_bytes, attachment.leased_bytes);
    taking.body_bytes = std::min<uint64_t>(taking.body_bytes, room);
  }
  taken_.clear();
  const Sequence met_before = cursor_;
  const int64_t due_before = deferred_.NextDue();
  DropOverflow();
  const uint64_t ready = ReadyCount();
  if (taking.messages > 0 && ready > 0) {
    // Those who wait get their share.
    const uint64_t waiting = listed_.size() + woken_count_;
    const uint64_t share = std::max<uint64_t>(1, ready / (waiting + 1));
    taking.messages = std::min<uint64_t>(taking.messages, share);
    const bool both_have_work =
        !ready_again_.empty() && ready > ready_again_.size();
    TakeReadyAgain(
        both_have_work ? ShareOfReadyAgain(taking.messages) : taking.messages,
        &taking);
    if (!IsFull()) TakeFromLog(&taking);
    if (cursor_ > met_before) MarkDirty(aftermath);
    ArmRelease(due_before, aftermath);
  }
  if (cursor_ > met_before || IsFull()) ParkOldest();
  BuryDead(aftermath);
  if (!taken_.empty()) {
    LeaseTaken(attachment, absl::MakeSpan(*runs).subspan(taking.first_run),
               aftermath);
    CollectWakes(aftermath);
    return static_cast<uint32_t>(taken_.size());
  }
  UpdateFloor(aftermath);  // gaps and drops may have moved it
  attachment.wanting = true;
  ListIfWanting(attachment);
  // Messages that became visible before we were listed woke nobody.
  CollectWakes(aftermath);
  return 0;
}

uint32_t Channel::ShareOfReadyAgain(uint32_t messages) {
  if (messages % 2 == 0) return messages / 2;
  again_gets_odd_ = !again_gets_odd_;
  return messages / 2 + (again_gets_odd_ ? 1 : 0);
}

void Channel::TakeReadyAgain(uint32_t most, Taking* taking) {
  RecordBlockPtr block;
  while (most > 0 && !ready_again_.empty() && !again_window_.reading) {
    const ReadyAgain next = ready_again_.front();
    if (IsGivenUp(next.attempts)) {
      // The limit is lower than it was, or a stop came between.
      dead_.push_back(next);
      ready_again_.pop_front();
      continue;
    }
    if (block == nullptr || next.sequence < block->first_sequence() ||
        next.sequence >= block->end_sequence()) {
      block = BlockOfReadyAgain(next.sequence);
      if (block == nullptr) continue;  // asked for, or dropped
    }
    const auto index =
        static_cast<uint32_t>(next.sequence - block->first_sequence());
    if (MustWait(*block, index, next.attempts, taking)) {
      // Its own timer is gone, as after a start from an old record.
      deferred_.Add(
          {block->due_unix_nano(index), next.sequence, next.attempts});
      ready_again_.pop_front();
      continue;
    }
    if (!TakeMessage(block, index, OneMore(next.attempts), taking)) return;
    ready_again_.pop_front();
    --most;
  }
}

RecordBlockPtr Channel::BlockOfReadyAgain(Sequence sequence) {
  if (lot_.Holds(sequence)) {
    RecordBlockPtr copy = again_window_.Find(sequence);
    if (copy == nullptr) StartParkedRead();
    return copy;
  }
  blocks_.clear();
  const Sequence in_memory = log_->tail().Snapshot(sequence, 1, &blocks_);
  if (!blocks_.empty()) return blocks_.front();
  if (RecordBlockPtr block = again_window_.Find(sequence)) return block;
  if (RecordBlockPtr block = log_window_.Find(sequence)) return block;
  if (log_->ephemeral()) {
    DropMissing(Window::kAgain, sequence, sequence + 1);
  } else {
    // Not further than what may be on disk: what the read does not find there
    // is given up.
    StartRead(Window::kAgain, sequence,
              std::min(in_memory, std::max(cursor_, sequence + 1)));
  }
  return nullptr;
}

void Channel::TakeFromLog(Taking* taking) {
  const Sequence end = log_->visible_end();
  blocks_.clear();
  while (taking->messages > 0) {
    const Sequence met = cursor_;
    cursor_ = log_->SkipGap(cursor_);
    MarkFinished(met, cursor_);
    if (cursor_ >= end) break;
    const RecordBlockPtr block = BlockAtCursor(end, taking);
    if (block == nullptr) break;
    if (!TakeRun(block, std::min(end, block->end_sequence()), taking)) break;
  }
  blocks_.clear();
  ReadAhead(end);
}

bool Channel::TakeRun(const RecordBlockPtr& block, Sequence stop,
                      Taking* taking) {
  if (block->has_due_times() || taking->sample_percent < 100) {
    return TakeSelected(block, stop, taking);
  }
  const Sequence first = block->first_sequence();
  while (
      cursor_ < stop &&
      TakeMessage(block, static_cast<uint32_t>(cursor_ - first), 1, taking)) {
    ++cursor_;
  }
  return cursor_ == stop;
}

bool Channel::TakeSelected(const RecordBlockPtr& block, Sequence stop,
                           Taking* taking) {
  const Sequence first = block->first_sequence();
  for (; cursor_ < stop; ++cursor_) {
    if (taking->messages == 0 || IsFull()) return false;
    if (taking->passed == kMostPassed) return false;
    const auto index = static_cast<uint32_t>(cursor_ - first);
    if (taking->sample_percent < 100 &&
        !sampler_.Keeps(taking->sample_percent)) {
      ++taking->passed;
      ++dropped_count_;
      MarkFinished(cursor_, cursor_ + 1);
    } else if (MustWait(*block, index, 0, taking)) {
      ++taking->passed;
      deferred_.Add({block->due_unix_nano(index), cursor_, 0});
    } else if (!TakeMessage(block, index, 1, taking)) {
      return false;
    }
  }
  return true;
}

RecordBlockPtr Channel::BlockAtCursor(Sequence end, Taking* taking) {
  while (taking->next_block < blocks_.size()) {
    const RecordBlockPtr& block = blocks_[taking->next_block];
    if (cursor_ < block->end_sequence()) return block;
    ++taking->next_block;
  }
  while (cursor_ < end) {
    blocks_.clear();
    taking->next_block = 0;
    const Sequence in_memory =
        log_->tail().Snapshot(cursor_, taking->messages, &blocks_);
    if (!blocks_.empty()) return blocks_.front();
    if (!log_->ephemeral()) {
      RecordBlockPtr block = log_window_.Advance(cursor_);
      if (block == nullptr && !log_window_.reading) {
        // What is there is further on (read ahead for a subscriber that left):
        // the window starts anew, or it would take this read for an old one.
        log_window_.Clear();
        StartRead(Window::kLog, cursor_, std::min(in_memory, end));
      }
      return block;
    }
    DropMissing(Window::kLog, cursor_, std::min(in_memory, end));
  }
  return nullptr;
}

void Channel::ReadAhead(Sequence end) {
  const Sequence from = log_window_.end();
  if (from <= cursor_ || from >= end || log_window_.reading ||
      !log_window_.RunsLow()) {
    return;
  }
  const Sequence in_memory = log_->tail().Snapshot(from, 1, &blocks_);
  if (blocks_.empty()) {
    StartRead(Window::kLog, from, std::min(in_memory, end));
  }
  blocks_.clear();
}

bool Channel::TakeMessage(const RecordBlockPtr& block, uint32_t index,
                          uint32_t attempts, Taking* taking) {
  const size_t body_bytes = block->body(index).size();
  if (taking->messages == 0) return false;
  if (body_bytes > taking->body_bytes && !taken_.empty()) return false;
  --taking->messages;
  taking->body_bytes -= std::min(taking->body_bytes, body_bytes);
  taken_.push_back({block->first_sequence() + index, attempts,
                    static_cast<uint32_t>(body_bytes)});
  std::vector<DeliveryRun>& runs = *taking->runs;
  if (runs.size() > taking->first_run) {
    DeliveryRun& last = runs.back();
    if (last.block == block && last.attempts == attempts &&
        last.first_index + last.count == index) {
      ++last.count;
      return true;
    }
  }
  runs.push_back({block, index, 1, 0, attempts});
  return true;
}

void Channel::LeaseTaken(Attachment& attachment, absl::Span<DeliveryRun> runs,
                         Aftermath* aftermath) {
  attachment.delivery_count += taken_.size();
  MarkDirty(aftermath);  // attempts are part of the cursor record
  DeliveryId id = attachment.spec.auto_finish
                      ? FinishTaken(attachment, aftermath)
                      : GrantTaken(attachment, aftermath);
  for (DeliveryRun& run : runs) {
    run.first_delivery_id = id;
    id += run.count;
  }
}

DeliveryId Channel::FinishTaken(Attachment& attachment, Aftermath* aftermath) {
  for (const Lease& lease : taken_) {
    MarkFinished(lease.sequence, lease.sequence + 1);
  }
  CountFinished(taken_.size(), attachment, aftermath);
  UpdateFloor(aftermath);
  return leases_.SkipIds(taken_.size());
}

DeliveryId Channel::GrantTaken(Attachment& attachment, Aftermath* aftermath) {
  const SteadyTime now = env_.clock.SteadyNow();
  const DeliveryId first = leases_.Grant(&attachment, taken_, now,
                                         now + attachment.spec.message_timeout);
  Arm(leases_.NextDeadline(), aftermath);
  return first;
}

void Channel::DropOverflow() {
  if (!ephemeral_ || log_->ephemeral()) return;
  const Sequence needed = NeededFrom();
  if (needed > cursor_) DropMissing(Window::kLog, cursor_, needed);
}

void Channel::DropMissing(Window window, Sequence from, Sequence to) {
  if (window == Window::kLog) {
    // An ephemeral topic or channel may lose its oldest; nothing else may.
    dropped_count_ += log_->CountMessages(from, to);
    MarkFinished(from, to);
    cursor_ = std::max(cursor_, to);
    return;
  }
  // What is parked has a copy of its own, which is missing only by itself.
  const bool is_one = to - from == 1;
  const auto missing = [&](const ReadyAgain& message) {
    mu_.AssertHeld();
    return message.sequence >= from && message.sequence < to &&
           (is_one || !lot_.Holds(message.sequence));
  };
  for (const ReadyAgain& message : ready_again_) {
    if (!missing(message)) continue;
    ++dropped_count_;
    MarkFinished(message.sequence, message.sequence + 1);
  }
  ready_again_.erase(
      std::remove_if(ready_again_.begin(), ready_again_.end(), missing),
      ready_again_.end());
}

void Channel::StartRead(Window window, Sequence from, Sequence to) {
  (window == Window::kLog ? log_window_ : again_window_).reading = true;
  std::weak_ptr<DeadlineListener> weak = weak_from_this();
  env_.io_pool.Submit(
      [this, weak, log = log_, &store = env_.store, window, from, to] {
        auto blocks =
            store.ReadBlocks(log->id(), from, to, BacklogWindow::kChunkBytes);
        // What is damaged ends where the next block can be read.
        Sequence end = to;
        if (absl::IsDataLoss(blocks.status())) {
          const auto next = store.SkipDamage(log->id(), from, to);
          if (next.ok()) end = *next;
          if (!next.ok()) blocks = next.status();
        }
        if (const auto alive = weak.lock()) {
          OnRead(window, from, end, std::move(blocks));
        }
      });
}

void Channel::OnRead(Window window, Sequence from, Sequence to,
                     absl::StatusOr<std::vector<RecordBlockPtr>> blocks) {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    const bool is_damaged = absl::IsDataLoss(blocks.status());
    if (!blocks.ok() && !is_damaged) {
      // Perhaps a passing fault; the messages are not given up.
      spdlog::error("reading topic {} from message {}: {}; trying again in {}",
                    topic_, from, blocks.status().ToString(),
                    absl::FormatDuration(kReadRetryAfter));
      retry_reads_at_ = env_.clock.SteadyNow() + kReadRetryAfter;
      Arm(retry_reads_at_, &aftermath);
    } else {
      BacklogWindow& read =
          window == Window::kLog ? log_window_ : again_window_;
      read.reading = false;
      const Sequence found = is_damaged || blocks->empty()
                                 ? to
                                 : blocks->front()->first_sequence();
      const bool still_wanted = window == Window::kAgain || cursor_ == from;
      if (found > from && still_wanted) {
        if (is_damaged || !ephemeral_) {
          spdlog::error("messages {} to {} of topic {} are lost: {}", from,
                        found - 1, topic_,
                        is_damaged ? blocks.status().ToString()
                                   : "they are not in the log");
        }
        DropMissing(window, from, found);
        UpdateFloor(&aftermath);
      }
      if (window == Window::kAgain) read.Clear();
      if (!is_damaged) read.Add(*blocks);
    }
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

}  // namespace sluice
