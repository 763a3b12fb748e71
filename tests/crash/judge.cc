// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/judge.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace sluice {
namespace {

using Kind = Event::Kind;

constexpr size_t kViolationsMax = 10;  // of a kind
// How early a deferred message may be: the rounding of times on the wire.
constexpr absl::Duration kRounding = absl::Milliseconds(1);

struct Publish {
  absl::Time invoked = absl::InfiniteFuture();
  absl::Time answered = absl::InfiniteFuture();  // OK
  absl::Duration delay;
  bool refused = false;
  absl::optional<uint64_t> id;
};

// One delivery, and how it ended.
struct Lease {
  absl::Time delivered;
  uint64_t client = 0;
  uint64_t delivery_id = 0;
  uint32_t attempts = 0;
  size_t epoch = 0;  // kills before its stream was opened
  absl::Time touched = absl::InfinitePast();
  // When the client gave it up in whatever way.
  absl::Time released = absl::InfiniteFuture();
  absl::Time finish_sent = absl::InfiniteFuture();
  absl::Time finish_ok = absl::InfiniteFuture();
  absl::optional<absl::Duration> requeued_for;
};

// What one message met on one channel.
struct Story {
  std::vector<Lease> leases;  // in the order in which they were read
};

struct Stream {
  std::string channel;
  uint64_t ready_max = 0;
  size_t epoch = 0;  // kills before it was opened
  std::map<uint64_t, std::pair<uint64_t, size_t>> held;  // by delivery id
};

struct ChannelState {
  std::unordered_map<uint64_t, Story> stories;  // by key
  absl::Time paused = absl::InfiniteFuture();
  absl::Time empty_invoked = absl::InfinitePast();
  absl::Time emptied = absl::InfinitePast();  // the latest that was answered
  bool deleted = false;
  uint64_t last_first_id = 0;
};

class Court {
 public:
  explicit Court(const JudgeOptions& options) : options_(options) {
    for (const std::string& channel : options.channels) channels_[channel];
  }

  void Hear(const Event& event);
  Verdict Close();

 private:
  void HearPublish(const Event& event);
  void HearDelivery(const Event& event);
  void HearCommand(const Event& event);
  void HearChannel(const Event& event);
  void EndStream(uint64_t client, absl::Time when);
  void Count(const Event& event);

  void CheckIdentity(const Event& event, const Publish& publish);
  void CheckPlace(const Event& event, const Publish& publish);
  void CheckAgainst(const Event& event, const Lease& earlier);
  // A kill in [from, to] that came before `seen`.
  bool Killed(absl::Time from, absl::Time to, absl::Time seen) const;
  Lease* FindLease(const Event& event);

  template <typename... Parts>
  void Break(const char* kind, const Parts&... parts) {
    if (++broken_[kind] <= kViolationsMax) {
      verdict_.violations.push_back(absl::StrCat(kind, ": ", parts...));
    }
  }

  const JudgeOptions& options_;
  std::map<uint64_t, Publish> publishes_;  // by key
  std::unordered_map<uint64_t, uint64_t> key_of_id_;
  std::map<std::string, ChannelState> channels_;
  std::map<uint64_t, Stream> streams_;
  std::vector<absl::Time> kills_;
  std::map<std::string, uint64_t> broken_;
  Verdict verdict_;
};

void Court::Hear(const Event& event) {
  switch (event.kind) {
    case Kind::kPublishInvoked:
    case Kind::kPublishOk:
    case Kind::kPublishFailed:
      return HearPublish(event);
    case Kind::kDelivered:
      return HearDelivery(event);
    case Kind::kReady: {
      const auto [found, is_new] = streams_.try_emplace(event.client);
      Stream& stream = found->second;
      if (is_new) stream.epoch = kills_.size();
      stream.ready_max = std::max(stream.ready_max, event.count);
      return;
    }
    case Kind::kStreamEnded:
      return EndStream(event.client, event.when);
    case Kind::kKilled:
      kills_.push_back(event.when);
      for (auto& [client, stream] : streams_) EndStream(client, event.when);
      return;
    case Kind::kRestarted:
      return;
    case Kind::kFinishSent:
    case Kind::kRequeueSent:
    case Kind::kTouchSent:
    case Kind::kFinishOk:
    case Kind::kNotInFlight:
      return HearCommand(event);
    case Kind::kCounted:
      return Count(event);
    default:
      return HearChannel(event);
  }
}

void Court::HearPublish(const Event& event) {
  Publish& publish = publishes_[*event.key];
  if (event.kind == Kind::kPublishInvoked) {
    // A retry of the same request keeps the first time.
    publish.invoked = std::min(publish.invoked, event.when);
    publish.delay = event.delay;
  } else if (event.kind == Kind::kPublishFailed) {
    publish.refused = true;
  } else {
    publish.answered = std::min(publish.answered, event.when);
    CheckIdentity(event, publish);
  }
}

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

void Court::HearDelivery(const Event& event) {
  ++verdict_.deliveries;
  if (!event.key.has_value()) {
    return Break("other bytes", "message ", event.message_id, " on ",
                 event.channel);
  }
  const auto found = publishes_.find(*event.key);
  if (found == publishes_.end()) {
    return Break("not published", "message ", *event.key);
  }
  CheckIdentity(event, found->second);
  CheckPlace(event, found->second);

  Story& story = channels_[event.channel].stories[*event.key];
  if (!story.leases.empty()) ++verdict_.redeliveries;
  bool repeats = false;
  for (const Lease& earlier : story.leases) {
    CheckAgainst(event, earlier);
    repeats |= earlier.finish_ok < event.when;
  }
  verdict_.repeats += repeats ? 1 : 0;

  Stream& stream = streams_[event.client];
  stream.channel = event.channel;
  stream.held[event.delivery_id] = {*event.key, story.leases.size()};
  if (stream.held.size() > stream.ready_max) {
    Break("past RDY", "client ", event.client, " holds ", stream.held.size(),
          " with RDY ", stream.ready_max);
  }
  Lease lease;
  lease.delivered = event.when;
  lease.client = event.client;
  lease.delivery_id = event.delivery_id;
  lease.attempts = event.attempts;
  lease.epoch = stream.epoch;
  story.leases.push_back(lease);
}

void Court::CheckPlace(const Event& event, const Publish& publish) {
  const uint64_t key = *event.key;
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
  // A node may live for a moment after its kill was noted, and answer: so it is
  // the life that counts, and not whether the finish was sent before the kill.
  const bool excused = earlier.epoch < streams_[event.client].epoch &&
                       kills_[earlier.epoch] <= earlier.finish_ok + lag;
  if (earlier.finish_ok < event.when && !excused) {
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

bool Court::Killed(absl::Time from, absl::Time to, absl::Time seen) const {
  return std::any_of(kills_.begin(), kills_.end(), [&](absl::Time kill) {
    return from <= kill && kill <= to && kill <= seen;
  });
}

Lease* Court::FindLease(const Event& event) {
  Stream& stream = streams_[event.client];
  const auto held = stream.held.find(event.delivery_id);
  if (held == stream.held.end()) return nullptr;
  const auto [key, index] = held->second;
  return &channels_[stream.channel].stories[key].leases[index];
}

void Court::HearCommand(const Event& event) {
  if (event.kind == Kind::kNotInFlight) return;  // says nothing for sure
  if (event.kind == Kind::kFinishOk) {
    // The delivery is held no more, so it is looked for by its message.
    for (Lease& lease : channels_[event.channel].stories[*event.key].leases) {
      if (lease.client == event.client &&
          lease.delivery_id == event.delivery_id) {
        lease.finish_ok = event.when;
      }
    }
    return;
  }
  Stream& stream = streams_[event.client];
  Lease* const lease = FindLease(event);
  if (lease == nullptr) return;
  if (event.kind == Kind::kTouchSent) {
    lease->touched = event.when;
    return;
  }
  lease->released = event.when;
  if (event.kind == Kind::kFinishSent) {
    lease->finish_sent = event.when;
  } else if (stream.epoch == kills_.size()) {
    // Else it was sent to a node that was dead already.
    lease->requeued_for = event.delay;
  }
  stream.held.erase(event.delivery_id);
}

void Court::HearChannel(const Event& event) {
  ChannelState& channel = channels_[event.channel];
  switch (event.kind) {
    case Kind::kPauseOk:
      channel.paused = event.when;
      return;
    case Kind::kResumeInvoked:
      channel.paused = absl::InfiniteFuture();
      return;
    case Kind::kEmptyInvoked:
      // Leases are void from some moment on, perhaps from this one.
      for (auto& [client, stream] : streams_) {
        if (stream.channel == event.channel) EndStream(client, event.when);
      }
      channel.empty_invoked = event.when;
      channel.emptied = absl::InfiniteFuture();
      return;
    case Kind::kEmptyOk:
      channel.emptied = event.when;
      return;
    default:
      channel.deleted = true;
      return;
  }
}

void Court::EndStream(uint64_t client, absl::Time when) {
  Stream& stream = streams_[client];
  for (const auto& [delivery_id, place] : stream.held) {
    Lease& lease =
        channels_[stream.channel].stories[place.first].leases[place.second];
    lease.released = std::min(lease.released, when);
  }
  stream.held.clear();
}

void Court::Count(const Event& event) {
  const ChannelState& channel = channels_[event.channel];
  uint64_t certain = 0;   // must be there
  uint64_t possible = 0;  // may be
  for (const auto& [key, publish] : publishes_) {
    if (publish.refused || publish.invoked < channel.empty_invoked) continue;
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

Verdict Court::Close() {
  verdict_.kills = kills_.size();
  for (const auto& [key, publish] : publishes_) {
    const bool ok = publish.answered < absl::InfiniteFuture();
    if (ok) ++verdict_.published;
    if (!ok && !publish.refused) ++verdict_.unknown;
    if (!ok) continue;
    for (const std::string& name : options_.channels) {
      const ChannelState& channel = channels_[name];
      if (channel.deleted || publish.invoked < channel.emptied) continue;
      if (channel.stories.count(key) == 0) {
        Break("lost", "message ", key, " with id ", *publish.id, " on ", name);
      }
    }
  }
  for (const auto& [kind, count] : broken_) {
    if (count > kViolationsMax) {
      verdict_.violations.push_back(absl::StrCat(kind, ": ", count, " in all"));
    }
  }
  return std::move(verdict_);
}

}  // namespace

std::string Verdict::Summary() const {
  return absl::StrCat(kills, " kills, ", published, " published, ", unknown,
                      " unknown, ", deliveries, " deliveries, ", redeliveries,
                      " redeliveries, ", repeats, " of them after a finish, ",
                      violations.size(), " violations");
}

Verdict Judge(const std::vector<Event>& events, const JudgeOptions& options) {
  Court court(options);
  for (const Event& event : events) court.Hear(event);
  return court.Close();
}

}  // namespace sluice
