// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/judge.h"

#include <algorithm>
#include <utility>

#include "tests/crash/court.h"

namespace sluice {

using Kind = Event::Kind;

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
  const bool is_letter = event.channel == options_.letter_rule.letters;
  if (is_letter) {
    CheckLetter(event, &found->second);
  } else {
    CheckIdentity(event, found->second);
  }
  CheckPlace(event, found->second);

  Story& story = channels_[event.channel].stories[*event.key];
  if (!story.leases.empty()) ++verdict_.redeliveries;
  bool repeats = false;
  for (const Lease& earlier : story.leases) {
    CheckAgainst(event, earlier);
    if (earlier.finish_ok >= event.when) continue;
    repeats = true;
    if (earlier.epoch == kills_.size()) continue;
    verdict_.longest_unsaved = std::max(
        verdict_.longest_unsaved, kills_[earlier.epoch] - earlier.finish_ok);
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

Court::Lease* Court::FindLease(const Event& event) {
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

Verdict Court::Close() {
  verdict_.kills = kills_.size();
  for (const auto& [key, publish] : publishes_) {
    const bool ok = publish.answered < absl::InfiniteFuture();
    if (ok) ++verdict_.published;
    if (!ok && !publish.refused) ++verdict_.unknown;
    if (publish.letter_id.has_value()) ++verdict_.letters;
    if (!ok) continue;
    for (const std::string& name : options_.channels) {
      const ChannelState& channel = channels_[name];
      if (channel.deleted || publish.invoked < channel.emptied) continue;
      CheckFate(key, publish, name);
    }
  }
  for (const auto& [kind, count] : broken_) {
    if (count > kViolationsMax) {
      verdict_.violations.push_back(absl::StrCat(kind, ": ", count, " in all"));
    }
  }
  return std::move(verdict_);
}

std::string Verdict::Summary() const {
  return absl::StrCat(
      kills, " kills, ", published, " published, ", unknown, " unknown, ",
      deliveries, " deliveries, ", redeliveries, " redeliveries, ", repeats,
      " of them after a finish up to ", absl::FormatDuration(longest_unsaved),
      " before a kill, ", letters, " dead letters, ", violations.size(),
      " violations");
}

Verdict Judge(const std::vector<Event>& events, const JudgeOptions& options) {
  Court court(options);
  for (const Event& event : events) court.Hear(event);
  return court.Close();
}

}  // namespace sluice
