// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// How a channel gives up messages that were delivered as often as it allows.
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/statusor.h"
#include "server/queue/block_finder.h"
#include "server/queue/channel.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

// Letters sent at a time: their bodies are in memory meanwhile.
constexpr size_t kMostLetters = 32;
constexpr absl::Duration kSendRetryAfter = absl::Seconds(1);

}  // namespace

bool Channel::IsGivenUp(uint32_t attempts) const {
  return config_.max_attempts > 0 && attempts >= config_.max_attempts;
}

void Channel::BuryDead(Aftermath* aftermath) {
  if (dead_.empty() || sending_letters_ || !closed_.ok()) return;
  if (config_.dead_letter_topic.empty()) {
    for (const ReadyAgain& message : dead_) {
      MarkFinished(message.sequence, message.sequence + 1);
    }
    dead_letter_count_ += dead_.size();
    dead_.clear();
    MarkDirty(aftermath);
    UpdateFloor(aftermath);
    return;
  }
  if (env_.clock.SteadyNow() < retry_letters_at_) return;
  sending_letters_ = true;
  const size_t count = std::min(dead_.size(), kMostLetters);
  letters_.assign(dead_.begin(), dead_.begin() + count);
  dead_.erase(dead_.begin(), dead_.begin() + count);
  std::sort(letters_.begin(), letters_.end(),
            [](const ReadyAgain& a, const ReadyAgain& b) {
              return a.sequence < b.sequence;
            });
  std::weak_ptr<DeadlineListener> weak = weak_from_this();
  env_.io_pool.Submit([this, weak, log = log_, &store = env_.store,
                       channel = id_, messages = letters_] {
    absl::Status status;
    std::vector<DeadLetter> letters;
    BlockFinder finder(*log, store, channel);
    for (const ReadyAgain& message : messages) {
      auto block = finder.Find(message.sequence);
      status = block.status();
      if (!status.ok()) break;
      if (*block == nullptr) continue;
      const auto index =
          static_cast<uint32_t>(message.sequence - (*block)->first_sequence());
      letters.push_back({*std::move(block), index, message.attempts});
    }
    if (const auto alive = weak.lock()) SendLetters(status, letters);
  });
}

void Channel::SendLetters(const absl::Status& read,
                          const std::vector<DeadLetter>& letters) {
  if (!read.ok()) return OnLettersStored(read);
  std::string target;
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    target = config_.dead_letter_topic;
    // What an ephemeral channel has lost meanwhile is nobody's letter.
    const auto is_lost = [&](const ReadyAgain& message) {
      return std::none_of(
          letters.begin(), letters.end(), [&](const DeadLetter& letter) {
            return letter.block->first_sequence() + letter.index ==
                   message.sequence;
          });
    };
    for (const ReadyAgain& message : letters_) {
      if (!is_lost(message)) continue;
      MarkFinished(message.sequence, message.sequence + 1);
      ++dropped_count_;
    }
    letters_.erase(std::remove_if(letters_.begin(), letters_.end(), is_lost),
                   letters_.end());
    UpdateFloor(&aftermath);
  }
  Conclude(aftermath);
  const std::shared_ptr<ChannelOwner> owner = owner_.lock();
  if (letters.empty() || target.empty() || owner == nullptr) {
    return OnLettersStored(absl::CancelledError("there is nothing to send"));
  }
  owner->OnDeadLetters(
      shared_from_this(), target,
      BuildDeadLetters(topic_, name_, letters, env_.clock.WallNow()));
}

void Channel::OnLettersNumbered() {
  absl::MutexLock lock(&mu_);
  letters_leave_ = true;
}

void Channel::OnLettersStored(const absl::Status& status) {
  Aftermath aftermath;
  {
    absl::MutexLock lock(&mu_);
    sending_letters_ = false;
    letters_leave_ = false;
    if (status.ok()) {
      for (const ReadyAgain& message : letters_) {
        MarkFinished(message.sequence, message.sequence + 1);
      }
      dead_letter_count_ += letters_.size();
      UpdateFloor(&aftermath);
    } else if (!letters_.empty()) {
      dead_.insert(dead_.begin(), letters_.begin(), letters_.end());
      if (!absl::IsCancelled(status)) {
        spdlog::warn("dead letters of channel {} of topic {} wait: {}", name_,
                     topic_, status.ToString());
        retry_letters_at_ = env_.clock.SteadyNow() + kSendRetryAfter;
        Arm(retry_letters_at_, &aftermath);
      }
    }
    letters_.clear();
    MarkDirty(&aftermath);
    BuryDead(&aftermath);
    CollectWakes(&aftermath);
  }
  Conclude(aftermath);
}

}  // namespace sluice
