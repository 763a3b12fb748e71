// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/crash/court.h"

namespace sluice {
namespace {

// How early a deferred message may be: the rounding of times on the wire.
constexpr absl::Duration kRounding = absl::Milliseconds(1);

}  // namespace

void Court::CheckIdentity(const Event& event, const Publish& publish) {
  const uint64_t key = *event.key;
  const auto [known, is_new] = key_of_id_.emplace(event.message_id, key);
  if (!is_new && known->second != key) {
    Break("id used twice", event.message_id, " stands for message ",
          known->second, " and for ", key);
  }
  if (publish.id.value_or(event.message_id) != event.message_id) {
    Break("stored twice", "message ", key, " has the ids ", *publish.id,
          " and ", event.message_id);
  }
  publishes_[key].id = event.message_id;
}

void Court::CheckPlace(const Event& event, const Publish& publish) {
  const uint64_t key = *event.key;
  if (event.channel == options_.letter_rule.channel) {
    CheckLives(event, publish);
  }
  ChannelState& channel = channels_[event.channel];
  if (publish.refused && publish.answered == absl::InfiniteFuture()) {
    Break("refused and delivered", "message ", key);
  }
  if (event.when < publish.invoked + publish.delay - kRounding) {
    Break("early", "message ", key, " deferred for ",
          absl::FormatDuration(publish.delay), " came after ",
          absl::FormatDuration(event.when - publish.invoked));
  }
  if (event.when > channel.paused + options_.grace) {
    Break("delivered while paused", "message ", key, " on ", event.channel);
  }
  if (publish.answered < channel.empty_invoked &&
      event.when > channel.emptied + options_.grace) {
    Break("delivered after it was emptied", "message ", key, " on ",
          event.channel);
  }
  if (event.attempts == 1 && publish.delay == absl::ZeroDuration() &&
      options_.in_order.count(event.channel) > 0) {
    const bool is_new = channel.stories.count(key) == 0;
    if (is_new && event.message_id < channel.last_first_id) {
      Break("out of order", "message ", event.message_id, " after ",
            channel.last_first_id, " on ", event.channel);
    }
    if (is_new) channel.last_first_id = event.message_id;
  }
}

void Court::CheckAgainst(const Event& event, const Lease& earlier) {
  const std::string what =
      absl::StrCat("message ", *event.key, " on ", event.channel);
  const absl::Duration lag = options_.durable_within + options_.grace;
  // Finished, and yet it comes again.
  if (earlier.finish_ok < event.when &&
      !MayBeForgotten(earlier, streams_[event.client].epoch)) {
    Break("finished and delivered again", what, " ",
          absl::FormatDuration(event.when - earlier.finish_ok), " later");
  }
  // Attempts.
  const bool same_life = earlier.epoch == streams_[event.client].epoch;
  const bool kept =
      same_life || earlier.delivered + lag < kills_[earlier.epoch];
  if (same_life ? event.attempts == earlier.attempts
                : kept && event.attempts <= earlier.attempts) {
    Break("attempts do not grow", what, ": ", earlier.attempts, ", then ",
          event.attempts);
  }
  // In two hands. A late reader may see the earlier attempt last.
  const absl::Time lapses = std::max(earlier.delivered, earlier.touched) +
                            options_.message_timeout - options_.grace;
  if (same_life && event.attempts > earlier.attempts &&
      earlier.released > event.when && event.when < lapses) {
    Break("held by two", what, ": clients ", earlier.client, " and ",
          event.client);
  }
  // A requeue's delay.
  if (earlier.requeued_for.has_value() && event.attempts > earlier.attempts &&
      event.when < earlier.released + *earlier.requeued_for - kRounding &&
      !Killed(earlier.released, earlier.released + lag, event.when)) {
    Break("early", what, " requeued for ",
          absl::FormatDuration(*earlier.requeued_for), " came after ",
          absl::FormatDuration(event.when - earlier.released));
  }
}

// A node may live for a moment after its kill was noted, and answer: so it is
// the life that counts, and not whether the finish was sent before the kill.
bool Court::MayBeForgotten(const Lease& lease, size_t epoch) const {
  return lease.epoch < epoch &&
         kills_[lease.epoch] <=
             lease.finish_ok + options_.durable_within + options_.grace;
}

void Court::CheckLives(const Event& event, const Publish& publish) {
  const std::string what =
      absl::StrCat("message ", *event.key, " on ", event.channel);
  if (event.attempts > options_.letter_rule.max_attempts) {
    Break("past its last attempt", what, ": attempt ", event.attempts);
  }
  // A reader may be late, but not by more.
  if (event.when > publish.letter_seen + options_.grace) {
    Break("dead and delivered again", what, " ",
          absl::FormatDuration(event.when - publish.letter_seen), " later");
  }
}

void Court::CheckLetter(const Event& event, Publish* publish) {
  const LetterRule& rule = options_.letter_rule;
  const uint64_t key = *event.key;
  const auto [known, is_new] = key_of_letter_.emplace(event.message_id, key);
  if (!is_new && known->second != key) {
    Break("id used twice", "letter ", event.message_id, " is message ",
          known->second, " and ", key);
  }
  if (publish->letter_id.has_value()) {  // the same one, again
    if (*publish->letter_id != event.message_id) {
      Break("two dead letters", "message ", key, " is ", *publish->letter_id,
            " and ", event.message_id);
    }
    return;
  }
  publish->letter_id = event.message_id;
  publish->letter_seen = event.when;
  Event origin = event;
  origin.message_id = event.origin_id;
  CheckIdentity(origin, *publish);
  bool saw_last = false;
  for (const Lease& lease : channels_[rule.channel].stories[key].leases) {
    saw_last |= lease.attempts == rule.max_attempts;
    if (lease.finish_ok < event.when &&
        !MayBeForgotten(lease, streams_[event.client].epoch)) {
      Break("finished and a dead letter", "message ", key, ", attempt ",
            lease.attempts);
    }
  }
  // What was on its way to a client when the node died was an attempt, too.
  const bool may_be_unseen =
      Killed(publish->invoked, absl::InfiniteFuture(), event.when);
  if (event.origin_attempts != rule.max_attempts ||
      (!saw_last && !may_be_unseen)) {
    Break("dead letter early", "message ", key, " after ",
          event.origin_attempts, " attempts, by its own count");
  }
}

void Court::CheckFate(uint64_t key, const Publish& publish,
                      const std::string& channel) {
  const bool gives_up = channel == options_.letter_rule.channel;
  if (gives_up && publish.letter_id.has_value()) return;
  const auto& stories = channels_[channel].stories;
  const auto story = stories.find(key);
  if (story == stories.end() || story->second.leases.empty()) {
    return Break("lost", "message ", key, " with id ", *publish.id, " on ",
                 channel);
  }
  if (!gives_up) return;
  const auto& leases = story->second.leases;
  if (std::none_of(leases.begin(), leases.end(), [](const Lease& lease) {
        return lease.finish_sent < absl::InfiniteFuture();
      })) {
    Break("dead letter lost", "message ", key, " with id ", *publish.id,
          " after ", leases.back().attempts, " attempts");
  }
}

bool Court::Killed(absl::Time from, absl::Time to, absl::Time seen) const {
  return std::any_of(kills_.begin(), kills_.end(), [&](absl::Time kill) {
    return from <= kill && kill <= to && kill <= seen;
  });
}

void Court::Count(const Event& event) {
  const ChannelState& channel = channels_[event.channel];
  const LetterRule& rule = options_.letter_rule;
  uint64_t certain = 0;   // must be there
  uint64_t possible = 0;  // may be
  for (const auto& [key, publish] : publishes_) {
    if (publish.refused || publish.invoked < channel.empty_invoked) continue;
    const bool has_letter = publish.letter_id.has_value();
    if (event.channel == rule.channel && has_letter) continue;
    if (event.channel == rule.letters && !has_letter) continue;
    const auto story = channel.stories.find(key);
    bool finished = false;
    if (story != channel.stories.end()) {
      for (const Lease& lease : story->second.leases) {
        finished |= lease.finish_ok <= event.when;
      }
    }
    if (finished) continue;
    ++possible;
    certain += publish.answered <= event.when ? 1 : 0;
    // A finish on its way, or that a crash left unanswered, may have been done.
    if (story != channel.stories.end() && publish.answered <= event.when) {
      for (const Lease& lease : story->second.leases) {
        if (lease.finish_sent <= event.when) {
          --certain;
          break;
        }
      }
    }
  }
  possible += kills_.empty() ? 0 : verdict_.deliveries;  // repeats
  if (event.count < certain || event.count > possible) {
    Break("miscounted", event.channel, " holds ", event.count,
          " by its own count, and by its history ", certain, " to ", possible);
  }
}

}  // namespace sluice
