// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_MODEL_CHANNEL_MODEL_H_
#define SLUICE_TESTS_MODEL_CHANNEL_MODEL_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "server/queue/cursor_state.h"
#include "server/queue/subscription.h"

namespace sluice {

// What a channel must do, as plainly as possible: one entry a message, no
// ranges, no order but where the contract has one. The oracle of model_test.
class ChannelModel {
 public:
  struct Counts {
    uint64_t finished = 0;
    uint64_t requeued = 0;
    uint64_t timed_out = 0;
    uint64_t dropped = 0;
    uint64_t dead_letters = 0;
  };

  // Messages [first, end) became visible.
  void Publish(Sequence first, Sequence end) {
    for (; first < end; ++first) fresh_.insert(first);
    end_ = end;
  }

  // Empty when this delivery is allowed; else what is wrong with it.
  std::string Deliver(int holder, DeliveryId id, Sequence sequence,
                      uint32_t attempts, SteadyTime now, SteadyTime deadline) {
    uint32_t before = 0;
    const auto again = again_.find(sequence);
    if (paused) return "the channel is paused";
    if (again == again_.end()) PassLate(sequence);
    if (IsLate(sequence) && again == again_.end()) return "it is not due";
    if (deferred_.count(sequence) > 0) return "the message is not due";
    if (leases_.count(id) > 0) return "the delivery id is in use";
    if (again != again_.end()) {
      before = again->second;
      again_.erase(again);
    } else if (!fresh_.empty() && *fresh_.begin() == sequence) {
      fresh_.erase(sequence);
    } else {
      return "the message is not ready, or not the next in the log";
    }
    if (attempts != before + 1) {
      return absl::StrCat("attempts are ", attempts, " after ", before);
    }
    if (IsGivenUp(before)) return "it has no attempt left";
    leases_[id] = {holder, sequence, attempts, now, deadline};
    return "";
  }

  // A Take is over, and the channel says how many wait for their time: the
  // cursor has passed as many as that. Empty when it may have.
  std::string Deferred(uint64_t count) {
    while (deferred_.size() < count && !fresh_.empty()) {
      if (!IsLate(*fresh_.begin())) return "the cursor passed what was due";
      DeferFirst();
    }
    return deferred_.size() == count ? "" : "too few are deferred";
  }

  // These say whether `holder` had the lease.
  bool Finish(int holder, DeliveryId id) {
    Lease lease;
    if (!End(holder, id, &lease)) return false;
    unsaved_.insert(lease.sequence);
    ++counts.finished;
    return true;
  }
  bool Requeue(int holder, DeliveryId id, absl::Duration delay,
               bool keep_attempts) {
    Lease lease;
    if (!End(holder, id, &lease)) return false;
    const uint32_t attempts = lease.attempts - (keep_attempts ? 1 : 0);
    if (delay > absl::ZeroDuration() && !IsGivenUp(attempts)) {
      const int64_t due = absl::ToUnixNanos(clock->WallNow() + delay);
      deferred_[lease.sequence] = {attempts, due};
    } else {
      PutBack(lease.sequence, attempts);
    }
    ++counts.requeued;
    return true;
  }
  bool Touch(int holder, DeliveryId id, SteadyTime now, absl::Duration timeout,
             absl::Duration longest) {
    const auto it = leases_.find(id);
    if (it == leases_.end() || it->second.holder != holder) return false;
    it->second.deadline =
        std::min(now + timeout, it->second.delivered + longest);
    return true;
  }

  void Release(int holder) {
    Return([holder](const Lease& lease) { return lease.holder == holder; });
  }
  void Expire(SteadyTime now) {
    counts.timed_out +=
        Return([now](const Lease& lease) { return lease.deadline <= now; });
  }
  // Time has passed.
  void ReleaseDue() {
    const int64_t now = absl::ToUnixNanos(clock->WallNow());
    for (auto it = deferred_.begin(); it != deferred_.end();) {
      if (it->second.due > now) {
        ++it;
        continue;
      }
      PutBack(it->first, it->second.attempts);
      it = deferred_.erase(it);
    }
  }
  // Those given up are dead letters now, in one write with the cursor, which
  // makes what was finished before durable, too.
  std::set<Sequence> Bury() {
    counts.dead_letters += dead_.size();
    if (!dead_.empty()) unsaved_.clear();
    std::set<Sequence> buried;
    buried.swap(dead_);
    return buried;
  }
  // A Take met those that came back from a crash with no attempt left.
  void GiveUpDoomed() {
    for (auto it = again_.begin(); it != again_.end();) {
      if (!IsGivenUp(it->second)) {
        ++it;
        continue;
      }
      dead_.insert(it->first);
      it = again_.erase(it);
    }
  }
  uint64_t doomed() const {
    return std::count_if(again_.begin(), again_.end(),
                         [this](const auto& m) { return IsGivenUp(m.second); });
  }
  // Durable when it returns, and with it all that was finished before.
  void Empty() {
    counts.dropped += depth() + in_flight() + deferred();
    fresh_.clear();
    again_.clear();
    deferred_.clear();
    leases_.clear();
    unsaved_.clear();
  }

  uint64_t depth() const {
    return fresh_.size() + again_.size() + dead_.size();
  }
  // Somebody who takes gets something, perhaps after a read.
  bool HasWork() const {
    if (paused) return false;
    return again_.size() > doomed() ||
           std::any_of(fresh_.begin(), fresh_.end(),
                       [this](Sequence at) { return !IsLate(at); });
  }
  uint64_t deferred() const { return deferred_.size(); }
  uint64_t in_flight() const { return leases_.size(); }
  uint64_t in_flight(int holder) const {
    return std::count_if(
        leases_.begin(), leases_.end(),
        [holder](const auto& lease) { return lease.second.holder == holder; });
  }

  // Empty when `saved` is exactly where the channel stands, as it must be once
  // a second has passed or after a clean stop.
  std::string CheckSaved(const CursorState& saved) {
    const Exceptions unfinished = ExceptionsOf(saved);
    Exceptions wanted = deferred_;
    for (const auto& [sequence, attempts] : again_) {
      wanted[sequence] = {attempts, 0};
    }
    for (const auto& [id, lease] : leases_) {
      wanted[lease.sequence] = {lease.attempts, 0};
    }
    if (unfinished != wanted) return "the saved cursor has other exceptions";
    if (saved.cursor != (fresh_.empty() ? end_ : *fresh_.begin())) {
      return absl::StrCat("the saved cursor is at ", saved.cursor);
    }
    unsaved_.clear();
    return "";
  }

  // After a crash `saved` was found. Empty when that is allowed: nothing
  // unfinished is lost, and only what was finished since the last save comes
  // again. The channel stands there from now on.
  std::string Crash(const CursorState& saved) {
    Return([](const Lease&) { return true; });
    const Exceptions unfinished = ExceptionsOf(saved);
    const auto is_lost = [&](Sequence sequence) {
      return unfinished.count(sequence) == 0 && sequence < saved.cursor;
    };
    for (const auto& [sequence, attempts] : again_) {
      if (is_lost(sequence)) return absl::StrCat(sequence, " is lost");
    }
    for (const auto& [sequence, message] : deferred_) {
      if (is_lost(sequence)) return absl::StrCat(sequence, " is lost");
    }
    if (!fresh_.empty() && *fresh_.begin() < saved.cursor) {
      return absl::StrCat("message ", *fresh_.begin(), " was never delivered");
    }
    const auto may_come = [this](Sequence sequence) {
      return again_.count(sequence) + fresh_.count(sequence) +
                 deferred_.count(sequence) + unsaved_.count(sequence) >
             0;
    };
    std::set<Sequence> fresh;
    for (Sequence at = saved.cursor; at < end_; ++at) fresh.insert(at);
    for (const Sequence sequence : fresh) {
      if (!may_come(sequence)) return absl::StrCat(sequence, " came again");
    }
    for (const auto& [sequence, message] : unfinished) {
      if (!may_come(sequence)) return absl::StrCat(sequence, " came again");
    }
    again_.clear();
    deferred_.clear();
    for (const auto& [sequence, message] : unfinished) {
      if (message.due > 0) {
        deferred_[sequence] = message;
      } else {
        again_[sequence] = message.attempts;
      }
    }
    fresh_ = fresh;
    unsaved_.clear();
    counts = Counts();
    return "";
  }

  // Counts since the node started.
  Counts counts;
  Clock* clock = nullptr;
  bool paused = false;
  // Deliveries that a message may have; 0: any number.
  uint32_t max_attempts = 0;
  // When message N is due, at N - 1, in Unix nanoseconds; 0 and beyond the end:
  // at once.
  const std::vector<int64_t>* due_times = nullptr;

 private:
  struct Lease {
    int holder;
    Sequence sequence;
    uint32_t attempts;
    SteadyTime delivered;
    SteadyTime deadline;
  };

  struct Exception {
    uint32_t attempts;
    int64_t due;  // 0 when it waits for nothing
    friend bool operator==(const Exception& a, const Exception& b) {
      return a.attempts == b.attempts && a.due == b.due;
    }
  };
  using Exceptions = std::map<Sequence, Exception>;

  static Exceptions ExceptionsOf(const CursorState& saved) {
    Exceptions exceptions;
    for (const CursorState::Unfinished& message : saved.unfinished) {
      exceptions[message.sequence] = {message.attempts, message.due};
    }
    return exceptions;
  }
  int64_t DueOf(Sequence sequence) const {
    return due_times != nullptr && sequence <= due_times->size()
               ? (*due_times)[sequence - 1]
               : 0;
  }
  bool IsLate(Sequence sequence) const {
    return DueOf(sequence) > absl::ToUnixNanos(clock->WallNow());
  }
  void DeferFirst() {
    const Sequence first = *fresh_.begin();
    deferred_[first] = {0, DueOf(first)};
    fresh_.erase(fresh_.begin());
  }
  // The cursor goes to `sequence`, past those that must wait.
  void PassLate(Sequence sequence) {
    while (!fresh_.empty() && *fresh_.begin() < sequence &&
           IsLate(*fresh_.begin())) {
      DeferFirst();
    }
  }
  bool IsGivenUp(uint32_t attempts) const {
    return max_attempts > 0 && attempts >= max_attempts;
  }
  void PutBack(Sequence sequence, uint32_t attempts) {
    if (IsGivenUp(attempts)) {
      dead_.insert(sequence);
    } else {
      again_[sequence] = attempts;
    }
  }
  bool End(int holder, DeliveryId id, Lease* ended) {
    const auto it = leases_.find(id);
    if (it == leases_.end() || it->second.holder != holder) return false;
    *ended = it->second;
    leases_.erase(it);
    return true;
  }
  template <typename Wanted>
  uint64_t Return(Wanted wanted) {
    uint64_t returned = 0;
    for (auto it = leases_.begin(); it != leases_.end();) {
      if (!wanted(it->second)) {
        ++it;
        continue;
      }
      PutBack(it->second.sequence, it->second.attempts);
      it = leases_.erase(it);
      ++returned;
    }
    return returned;
  }

  Sequence end_ = 1;
  std::set<Sequence> fresh_;            // never delivered
  std::map<Sequence, uint32_t> again_;  // ready again, and the attempts so far
  Exceptions deferred_;
  std::map<DeliveryId, Lease> leases_;
  std::set<Sequence> dead_;     // given up, and not a dead letter yet
  std::set<Sequence> unsaved_;  // finished, perhaps not on disk yet
};

}  // namespace sluice

#endif  // SLUICE_TESTS_MODEL_CHANNEL_MODEL_H_
