// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_MODEL_CHANNEL_MODEL_H_
#define SLUICE_TESTS_MODEL_CHANNEL_MODEL_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>

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
    leases_[id] = {holder, sequence, attempts, now, deadline};
    return "";
  }

  // These say whether `holder` had the lease.
  bool Finish(int holder, DeliveryId id) {
    Lease lease;
    if (!End(holder, id, &lease)) return false;
    unsaved_.insert(lease.sequence);
    ++counts.finished;
    return true;
  }
  bool Requeue(int holder, DeliveryId id, bool keep_attempts) {
    Lease lease;
    if (!End(holder, id, &lease)) return false;
    again_[lease.sequence] = lease.attempts - (keep_attempts ? 1 : 0);
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
  // Durable when it returns, and with it all that was finished before.
  void Empty() {
    counts.dropped += depth() + in_flight();
    fresh_.clear();
    again_.clear();
    leases_.clear();
    unsaved_.clear();
  }

  uint64_t depth() const { return fresh_.size() + again_.size(); }
  uint64_t in_flight() const { return leases_.size(); }
  uint64_t in_flight(int holder) const {
    return std::count_if(
        leases_.begin(), leases_.end(),
        [holder](const auto& lease) { return lease.second.holder == holder; });
  }

  // Empty when `saved` is exactly where the channel stands, as it must be once
  // a second has passed or after a clean stop.
  std::string CheckSaved(const CursorState& saved) {
    const std::map<Sequence, uint32_t> unfinished = ExceptionsOf(saved);
    std::map<Sequence, uint32_t> wanted = again_;
    for (const auto& [id, lease] : leases_) {
      wanted[lease.sequence] = lease.attempts;
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
    const std::map<Sequence, uint32_t> unfinished = ExceptionsOf(saved);
    for (const auto& [sequence, attempts] : again_) {
      const auto found = unfinished.find(sequence);
      if (found == unfinished.end() && sequence < saved.cursor) {
        return absl::StrCat("message ", sequence, " is lost");
      }
    }
    if (!fresh_.empty() && *fresh_.begin() < saved.cursor) {
      return absl::StrCat("message ", *fresh_.begin(), " was never delivered");
    }
    const auto may_come = [this](Sequence sequence) {
      return again_.count(sequence) + fresh_.count(sequence) +
                 unsaved_.count(sequence) >
             0;
    };
    std::set<Sequence> fresh;
    for (Sequence at = saved.cursor; at < end_; ++at) fresh.insert(at);
    for (const Sequence sequence : fresh) {
      if (!may_come(sequence)) return absl::StrCat(sequence, " came again");
    }
    for (const auto& [sequence, attempts] : unfinished) {
      if (!may_come(sequence)) return absl::StrCat(sequence, " came again");
    }
    again_ = unfinished;
    fresh_ = fresh;
    unsaved_.clear();
    counts = Counts();
    return "";
  }

  // Counts since the node started.
  Counts counts;
  bool paused = false;

 private:
  struct Lease {
    int holder;
    Sequence sequence;
    uint32_t attempts;
    SteadyTime delivered;
    SteadyTime deadline;
  };

  static std::map<Sequence, uint32_t> ExceptionsOf(const CursorState& saved) {
    std::map<Sequence, uint32_t> exceptions;
    for (const CursorState::Unfinished& message : saved.unfinished) {
      exceptions[message.sequence] = message.attempts;
    }
    return exceptions;
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
      again_[it->second.sequence] = it->second.attempts;
      it = leases_.erase(it);
      ++returned;
    }
    return returned;
  }

  Sequence end_ = 1;
  std::set<Sequence> fresh_;            // never delivered
  std::map<Sequence, uint32_t> again_;  // ready again, and the attempts so far
  std::map<DeliveryId, Lease> leases_;
  std::set<Sequence> unsaved_;  // finished, perhaps not on disk yet
};

}  // namespace sluice

#endif  // SLUICE_TESTS_MODEL_CHANNEL_MODEL_H_
