// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/channel.h"

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "base/names.h"
#include "server/queue/errors.h"

namespace sluice {
namespace {

// Ids start at random so that one kept from before a restart, or from an older
// channel of the same name, does not mean a message of today. 40 bits keep them
// at six bytes on the wire.
DeliveryId RandomFirstDeliveryId() {
  absl::BitGen random;
  return absl::Uniform<uint64_t>(random, 1, uint64_t{1} << 40);
}

}  // namespace

Channel::Channel(Spec spec, std::shared_ptr<TopicLog> log,
                 const ChannelEnv& env, std::weak_ptr<ChannelOwner> owner)
    : topic_(std::move(spec.topic)),
      name_(std::move(spec.name)),
      id_(spec.id),
      ephemeral_(IsEphemeralName(name_)),
      create_time_(spec.create_time),
      log_(std::move(log)),
      env_(env),
      owner_(std::move(owner)),
      paused_(spec.paused),
      config_(std::move(spec.config)),
      cursor_(std::min(spec.cursor.cursor, log_->end())),
      leases_(RandomFirstDeliveryId()),
      sampler_(RandomFirstDeliveryId()),
      lot_(log_->id(), id_),
      shelves_(log_->id(), id_) {
  absl::MutexLock lock(&mu_);
  shelves_.Restore(spec.cursor.shelves);
  for (const CursorState::Shelf& shelf : spec.cursor.shelves) {
    lot_.RestoreShelved(shelf.parked_bytes);
  }
  Sequence at = cursor_;
  bool is_first = true;
  for (const CursorState::Unfinished& message : spec.cursor.unfinished) {
    const bool is_parked = message.parked_bytes > 0;
    // What a crash took from memory is in a gap now, and needs nobody.
    if (!is_parked && log_->SkipGap(message.sequence) != message.sequence) {
      continue;
    }
    if (is_parked) {
      lot_.Restore(message.sequence, message.parked_bytes);
    } else {
      if (is_first) {
        floor_ = message.sequence;
      } else {
        finished_.Add(at, message.sequence);
      }
      is_first = false;
      at = message.sequence + 1;
    }
    if (message.due > 0) {
      deferred_.Add({message.due, message.sequence, message.attempts});
    } else {
      ready_again_.push_back({message.sequence, message.attempts});
    }
  }
  if (is_first) {
    floor_ = cursor_;
  } else {
    finished_.Add(at, cursor_);
  }
  notified_floor_ = floor_;
  saved_floor_ = floor_.load();
}

absl::Status Channel::Attach(std::shared_ptr<Attachment> attachment) {
  absl::MutexLock lock(&mu_);
  if (!closed_.ok()) return closed_;
  const uint32_t most = env_.limits.max_channel_subscribers;
  if (most > 0 && attachments_.size() >= most) {
    return TooManySubscribers(name_, most);
  }
  attachment->attached = true;
  attachments_.push_back(std::move(attachment));
  return absl::OkStatus();
}

void Channel::Detach(Attachment& attachment) {
  Aftermath aftermath;
  bool last = false;
  {
    absl::MutexLock lock(&mu_);
    if (!attachment.attached) return;
    attachment.attached = false;
    Unlist(attachment);
    NoteArrival(attachment);
    std::vector<Lease> released;
    leases_.Release(&attachment, &released);
    for (const Lease& lease : released) {
      PutBack(lease.sequence, lease.attempts);
    }
    attachments_.erase(std::find_if(
        attachments_.begin(), attachments_.end(),
        [&](const auto& candidate) { return candidate.get() == &attachment; }));
    last = attachments_.empty();
    if (last) {
      log_window_.Clear();
      again_window_.Clear();
    }
    BuryDead(&aftermath);
    // It may have been woken for messages that it will not take now.
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
  if (!last) return;
  if (const auto owner = owner_.lock()) owner->OnLastSubscriberGone(*this);
}

void Channel::SetReady(Attachment& attachment, uint32_t count, uint64_t bytes) {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    attachment.ready_count = count;
    attachment.ready_bytes = bytes;
    if (attachment.Capacity() == 0) Unlist(attachment);
    ListIfWanting(attachment);
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

uint32_t Channel::Take(Attachment& attachment, const TakeLimit& limit,
                       std::vector<DeliveryRun>* runs) {
  Aftermath aftermath;
  uint32_t taken = 0;
  {
    absl::MutexLock lock(&mu_);
    taken = TakeLocked(attachment, limit, runs, &aftermath);
  }
  Conclude(aftermath);
  return taken;
}

void Channel::Finish(Attachment& attachment, absl::Span<const DeliveryId> ids,
                     std::vector<DeliveryId>* not_in_flight) {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    // Messages finished in the order of the log are one range.
    Sequence from = 0;
    Sequence to = 0;
    uint64_t finished = 0;
    for (const DeliveryId id : ids) {
      const absl::optional<Lease> lease = leases_.End(&attachment, id);
      if (!lease.has_value()) {
        not_in_flight->push_back(id);
        continue;
      }
      if (lease->sequence != to) {
        MarkFinished(from, to);
        from = lease->sequence;
      }
      to = lease->sequence + 1;
      ++finished;
    }
    if (finished == 0) return;
    MarkFinished(from, to);
    CountFinished(finished, attachment, &aftermath);
    UpdateFloor(&aftermath);
    ListIfWanting(attachment);
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

void Channel::Requeue(Attachment& attachment, absl::Span<const DeliveryId> ids,
                      absl::Duration delay, bool keep_attempts,
                      std::vector<DeliveryId>* not_in_flight) {
  delay = std::min(delay, env_.limits.max_requeue_delay);
  const bool defer = delay > absl::ZeroDuration();
  const int64_t due =
      defer ? absl::ToUnixNanos(env_.clock.WallNow() + delay) : 0;
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    const int64_t due_before = deferred_.NextDue();
    for (const DeliveryId id : ids) {
      const absl::optional<Lease> lease = leases_.End(&attachment, id);
      if (!lease.has_value()) {
        not_in_flight->push_back(id);
        continue;
      }
      const uint32_t attempts = lease->attempts - (keep_attempts ? 1 : 0);
      if (defer && !IsGivenUp(attempts)) {
        deferred_.Add({due, lease->sequence, attempts});
      } else {
        PutBack(lease->sequence, attempts);
      }
      ++requeue_count_;
      ++attachment.requeue_count;
    }
    ArmRelease(due_before, &aftermath);
    BuryDead(&aftermath);
    MarkDirty(&aftermath);
    ListIfWanting(attachment);
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

void Channel::Touch(Attachment& attachment, absl::Span<const DeliveryId> ids,
                    std::vector<DeliveryId>* not_in_flight) {
  const SteadyTime now = env_.clock.SteadyNow();
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    for (const DeliveryId id : ids) {
      if (!leases_.Touch(&attachment, id, now, attachment.spec.message_timeout,
                         env_.limits.max_message_timeout)) {
        not_in_flight->push_back(id);
      }
    }
    // A deadline may also have come nearer: the timeout is measured from now.
    Arm(leases_.NextDeadline(), &aftermath);
  }
  Conclude(aftermath);
}

void Channel::PassOn(Attachment& attachment) {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    Unlist(attachment);
    attachment.wanting = false;
    NoteArrival(attachment);
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

uint64_t Channel::InFlight(const Attachment& attachment) const {
  absl::MutexLock lock(&mu_);
  return attachment.leased;
}

void Channel::OnMessagesVisible() {
  // Take() lists itself before it looks at the log for the last time, so either
  // it sees the new messages or this sees it listed.
  if (listed_count_.load() == 0) return;
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

void Channel::SetPaused(bool paused) {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    paused_ = paused;
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

bool Channel::closed() const {
  absl::MutexLock lock(&mu_);
  return !closed_.ok();
}

bool Channel::paused() const {
  absl::MutexLock lock(&mu_);
  return paused_;
}

void Channel::SetConfig(ChannelConfig config) {
  absl::MutexLock lock(&mu_);
  config_ = std::move(config);
}

ChannelConfig Channel::config() const {
  absl::MutexLock lock(&mu_);
  return config_;
}

void Channel::Empty() {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    dropped_count_ += Unfinished();
    leases_.Clear();
    ready_again_.clear();
    deferred_.Clear();
    dead_.clear();
    letters_.clear();
    lot_.Clear();
    shelves_.Clear();
    finished_.Clear();
    log_window_.Clear();
    again_window_.Clear();
    cursor_ = log_->visible_end();
    floor_ = cursor_;
    MarkDirty(&aftermath);
    UpdateFloor(&aftermath);
    for (const auto& attachment : attachments_) ListIfWanting(*attachment);
    // Messages that became visible before they were listed woke nobody.
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

void Channel::Close(const absl::Status& reason) {
  std::vector<std::shared_ptr<Attachment>> ended;
  {
    absl::MutexLock lock(&mu_);
    if (!closed_.ok()) return;
    closed_ = reason;
    leases_.Clear();
    ready_again_.clear();
    deferred_.Clear();
    shelves_.Clear();
    dead_.clear();
    listed_.clear();
    listed_count_ = 0;
    ended.swap(attachments_);
    for (const auto& attachment : ended) {
      attachment->attached = false;
      attachment->listed = false;
      NoteArrival(*attachment);
    }
  }
  for (const auto& attachment : ended) {
    attachment->subscriber->OnChannelClosed(reason);
  }
}

bool Channel::CloseIfUnused(const absl::Status& reason) {
  absl::MutexLock lock(&mu_);
  if (!attachments_.empty()) return false;
  closed_ = reason;
  return true;
}

Sequence Channel::NeededFrom() const {
  const Sequence floor = floor_.load();
  if (!ephemeral_) return floor;
  const Sequence end = log_->visible_end();
  return std::max(floor, end > kEphemeralWindow ? end - kEphemeralWindow : 1);
}

CursorState Channel::SaveCursor(Sequence* floor,
                                std::vector<StateWrite>* parked) {
  CursorState state;
  absl::ReleasableMutexLock lock(&mu_);
  ShelveLate();
  lot_.Save(parked);
  shelves_.Save(parked);
  state.shelves = shelves_.List();
  dirty_ = false;
  unsaved_finishes_ = 0;
  state.cursor = cursor_;
  state.unfinished.reserve(Exceptions());
  leases_.ForEach([&state](const Lease& lease) {
    state.unfinished.push_back({lease.sequence, lease.attempts});
  });
  for (const ReadyAgain& message : ready_again_) {
    state.unfinished.push_back({message.sequence, message.attempts});
  }
  for (const ReadyAgain& message : dead_) {
    state.unfinished.push_back({message.sequence, message.attempts});
  }
  for (const ReadyAgain& message : letters_) {
    if (letters_leave_) break;
    state.unfinished.push_back({message.sequence, message.attempts});
  }
  deferred_.ForEach([&state](const DeferredMessage& message) {
    state.unfinished.push_back(
        {message.sequence, message.attempts, message.due});
  });
  if (!lot_.idle()) {
    for (CursorState::Unfinished& message : state.unfinished) {
      lot_.IsSaved(message.sequence, &message.parked_bytes);
    }
  }
  *floor = floor_;
  lock.Release();
  // There may be a million, and nobody is to wait for this.
  std::sort(
      state.unfinished.begin(), state.unfinished.end(),
      [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
  return state;
}

SteadyTime Channel::OnDeadline(SteadyTime now) {
  Aftermath aftermath;
  SteadyTime next = SteadyTime::InfiniteFuture();
  {
    absl::MutexLock lock(&mu_);
    // An earlier wish of ours, since replaced: the newer one stands for both.
    if (now < armed_) return next;
    std::vector<LeaseHolder*> freed;
    leases_.Expire(now, [&](LeaseHolder* holder, const Lease& lease) {
      mu_.AssertHeld();
      PutBack(lease.sequence, lease.attempts);
      ++timeout_count_;
      if (freed.empty() || freed.back() != holder) freed.push_back(holder);
    });
    if (ReleaseDue() || !freed.empty()) MarkDirty(&aftermath);
    TakeDownShelf();
    if (IsFull()) ParkOldest();
    BuryDead(&aftermath);
    for (LeaseHolder* holder : freed) {
      ListIfWanting(static_cast<Attachment&>(*holder));
    }
    if (retry_reads_at_ <= now) {
      retry_reads_at_ = SteadyTime::InfiniteFuture();
      log_window_.reading = false;
      again_window_.reading = false;
    }
    CollectWakes(&aftermath);
    next = std::min({leases_.NextDeadline(), retry_reads_at_, NextRelease()});
    if (now < retry_letters_at_) next = std::min(next, retry_letters_at_);
    if (IsFull() && now < retry_parking_at_) {
      next = std::min(next, retry_parking_at_);
    }
    armed_ = next;
  }
  Conclude(aftermath);
  return next;
}

void Channel::Conclude(const Aftermath& aftermath) {
  for (const auto& subscriber : aftermath.wake) subscriber->OnMessagesReady();
  if (aftermath.arm < SteadyTime::InfiniteFuture()) {
    env_.deadlines.Schedule(aftermath.arm, weak_from_this());
  }
  if (!aftermath.floor_advanced && !aftermath.became_dirty &&
      !aftermath.save_urgently) {
    return;
  }
  const std::shared_ptr<ChannelOwner> owner = owner_.lock();
  if (owner == nullptr) return;
  if (aftermath.floor_advanced) owner->OnFloorAdvanced();
  if (aftermath.became_dirty) {
    owner->OnCursorDirty(shared_from_this(), /*urgent=*/false);
  }
  if (aftermath.save_urgently) {
    owner->OnCursorDirty(shared_from_this(), /*urgent=*/true);
  }
}

uint64_t Channel::AheadOfCursor() const {
  const Sequence end = log_->visible_end();
  if (cursor_ >= end) return 0;
  return log_->CountMessages(cursor_, end);
}

uint64_t Channel::ReadyCount() const {
  if (paused_ || !closed_.ok()) return 0;
  uint64_t ready = again_window_.reading ? 0 : ready_again_.size();
  const bool waits_for_disk =
      log_window_.reading && log_window_.end() <= cursor_;
  if (!waits_for_disk && !IsFull()) ready += AheadOfCursor();
  return ready;
}

void Channel::ListIfWanting(Attachment& attachment) {
  if (!attachment.wanting || attachment.listed || attachment.Capacity() == 0) {
    return;
  }
  attachment.listed = true;
  listed_.push_back(&attachment);
  listed_count_ = listed_.size();
}

void Channel::Unlist(Attachment& attachment) {
  if (!attachment.listed) return;
  attachment.listed = false;
  listed_.erase(std::find(listed_.begin(), listed_.end(), &attachment));
  listed_count_ = listed_.size();
}

void Channel::NoteArrival(Attachment& attachment) {
  if (!attachment.woken) return;
  attachment.woken = false;
  --woken_count_;
}

void Channel::CollectWakes(Aftermath* aftermath) {
  if (listed_.empty()) return;
  uint64_t ready = ReadyCount();
  while (ready > 0 && !listed_.empty()) {
    Attachment& attachment = *listed_.front();
    listed_.pop_front();
    attachment.listed = false;
    attachment.wanting = false;
    attachment.woken = true;
    ++woken_count_;
    aftermath->wake.push_back(attachment.subscriber);
    --ready;
  }
  listed_count_ = listed_.size();
}

void Channel::MarkFinished(Sequence from, Sequence to) {
  if (!lot_.idle()) {
    const Sequence end = std::min(to, lot_.newest() + 1);
    for (Sequence at = from; at < end; ++at) lot_.Finish(at);
  }
  PassOver(from, to);
}

void Channel::PassOver(Sequence from, Sequence to) {
  if (from >= to) return;
  if (from == floor_) {  // in order: no range to keep
    floor_ = to;
  } else {
    finished_.Add(from, to);
  }
}

void Channel::UpdateFloor(Aftermath* aftermath) {
  Sequence floor = floor_;
  while (true) {
    const Sequence next = log_->SkipGap(finished_.SkipFrom(floor));
    if (next == floor) break;
    floor = next;
  }
  finished_.DropBelow(floor);
  floor_ = floor;
  cursor_ = std::max(cursor_, floor);
  if (floor == notified_floor_) return;
  notified_floor_ = floor;
  aftermath->floor_advanced = true;
}

void Channel::CountFinished(uint64_t messages, Attachment& attachment,
                            Aftermath* aftermath) {
  finish_count_ += messages;
  attachment.finish_count += messages;
  MarkDirty(aftermath);
  // A record that lists many exceptions is not written more often than its size
  // is worth; within a second it always is.
  const uint64_t many = std::max<uint64_t>(kSaveEveryFinishes, Exceptions());
  const bool was_below = unsaved_finishes_ < many;
  unsaved_finishes_ += messages;
  if (was_below && unsaved_finishes_ >= many) {
    aftermath->save_urgently = true;
  }
}

void Channel::MarkDirty(Aftermath* aftermath) {
  if (dirty_) return;
  dirty_ = true;
  aftermath->became_dirty = true;
}

}  // namespace sluice
