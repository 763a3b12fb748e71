// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/simulated_queue.h"

#include <utility>

namespace sluice {
namespace {

using Kind = Event::Kind;

constexpr uint64_t kSharedReady = 3;
constexpr int kSharedClients = 3;

}  // namespace

SimulatedQueue::SimulatedQueue(uint32_t seed, Bug bug)
    : random_(seed), bug_(bug) {
  channels_[kOrdered];
  channels_[kShared];
  channels_[kMortal];
  channels_[kLetters];
  Save();
  Open();
}

Event SimulatedQueue::Made(Kind kind, const std::string& channel) const {
  Event event;
  event.kind = kind;
  event.channel = channel;
  return event;
}

void SimulatedQueue::Note(Event event) {
  event.when = now_;
  events_.push_back(std::move(event));
}

void SimulatedQueue::Open() {
  clients_.clear();
  for (const auto& [name, channel] : channels_) {
    const int count = name == kOrdered ? 1 : kSharedClients;
    for (int i = 0; i < count; ++i) {
      clients_[name].push_back(++last_client_);
      Event ready = Made(Kind::kReady, name);
      ready.client = last_client_;
      ready.count = name == kOrdered ? 1 : kSharedReady;
      Note(std::move(ready));
    }
  }
}

void SimulatedQueue::Run(int steps) {
  absl::Time saved = now_;
  for (int i = 0; i < steps; ++i) {
    Step(/*publishes=*/true);
    if (now_ - saved >= absl::Seconds(1)) {
      Save();
      saved = now_;
    }
  }
  for (auto& [name, channel] : channels_) {
    if (channel.paused) Note(Made(Kind::kResumeInvoked, name));
    channel.paused = false;
  }
  now_ += absl::Seconds(10);  // whatever is deferred is due
  for (int i = 0; i < 20 * steps && Left() > 0; ++i) {
    Step(/*publishes=*/false);
  }
  CountAll();
}

void SimulatedQueue::Step(bool publishes) {
  now_ += absl::Milliseconds(1 + random_() % 20);
  const char* const names[] = {kOrdered, kShared, kMortal, kLetters};
  const std::string name = names[random_() % 4];
  if (publishes && Chance(5)) return Publish();
  if (publishes && Chance(120)) return Crash();
  if (publishes && Chance(80)) return EmptyOrPause();
  if (Chance(2)) return Deliver(name);
  Release(name);
}

void SimulatedQueue::Publish() {
  Event event = Made(Kind::kPublishInvoked);
  event.key = ++last_key_;
  if (Chance(5)) event.delay = absl::Milliseconds(100 + random_() % 900);
  Note(event);
  const bool refused = Chance(20);
  const bool stores = !refused || Wrong(Bug::kDeliversARefused, 3);
  if (stores) {
    const uint64_t id = ++last_id_;
    const double share = Wrong(Bug::kDeliversEarly, 2) ? 0.5 : 1;
    log_[id] = {id, last_key_, now_ + event.delay * share, 0, 0};
    for (auto& [name, channel] : channels_) {
      if (name == kLetters || Wrong(Bug::kDropsAMessage, 50)) continue;
      channel.places[id];
    }
    // A few behind what it answered.
    written_id_ = bug_ == Bug::kAnswersBeforeItWrites && id > 5 ? id - 5 : id;
    event.message_id = id;
  }
  event.kind = refused ? Kind::kPublishFailed : Kind::kPublishOk;
  if (refused || !Chance(20)) Note(event);  // else the answer got lost
}

bool SimulatedQueue::Deliverable(const Channel& channel, const Place& place,
                                 absl::Time due) {
  if (channel.paused && !Wrong(Bug::kDeliversWhilePaused, 4)) return false;
  if (due > now_ || place.due > now_) return false;
  if (place.state == State::kReady) return true;
  if (place.state == State::kLeased) return Wrong(Bug::kLeasesTwice, 20);
  return Wrong(Bug::kRepeatsAfterFinish, 200);
}

void SimulatedQueue::Deliver(const std::string& name) {
  Channel& channel = channels_[name];
  const uint64_t client = clients_[name][random_() % clients_[name].size()];
  uint64_t held = 0;
  for (const auto& [id, place] : channel.places) {
    held += place.state == State::kLeased && place.client == client ? 1 : 0;
  }
  const uint64_t ready = name == kOrdered ? 1 : kSharedReady;
  if (held >= ready && !Wrong(Bug::kIgnoresReady, 10)) return;
  const bool newest = Wrong(Bug::kReorders, 10);
  uint64_t chosen = 0;
  for (const auto& [id, place] : channel.places) {
    const bool finished = place.state == State::kFinished;
    if (finished && bug_ != Bug::kRepeatsAfterFinish) continue;
    if (!Deliverable(channel, place, MessageOf(name, id).due)) continue;
    chosen = id;
    if (!newest) break;
  }
  if (chosen != 0) Hand(name, chosen, client);
}

void SimulatedQueue::Hand(const std::string& name, uint64_t id,
                          uint64_t client) {
  Place& place = channels_[name].places[id];
  place.state = State::kLeased;
  place.client = client;
  place.delivery_id = ++last_delivery_;
  ++place.attempts;
  Event event = Made(Kind::kDelivered, name);
  event.client = client;
  event.message_id = id;
  event.delivery_id = place.delivery_id;
  event.attempts = bug_ == Bug::kForgetsAttempts ? 1 : place.attempts;
  const Message& message = MessageOf(name, id);
  event.origin_id = message.origin_id;
  event.origin_attempts = message.origin_attempts;
  if (!Wrong(Bug::kCorruptsABody, 100)) event.key = message.key;
  Note(std::move(event));
}

void SimulatedQueue::Release(const std::string& name) {
  for (auto& [id, place] : channels_[name].places) {
    if (place.state != State::kLeased || Chance(3)) continue;
    Event event = Made(Kind::kFinishSent, name);
    event.client = place.client;
    event.delivery_id = place.delivery_id;
    event.key = MessageOf(name, id).key;
    const bool requeues =
        (name == kShared && Chance(5)) || (name == kMortal && Chance(2));
    if (requeues) return Requeue(name, id, std::move(event));
    Note(event);
    event.kind = Kind::kFinishOk;
    Note(event);
    place.state = State::kFinished;
    if (name == kMortal && Wrong(Bug::kGivesUpAFinished, 20)) {
      StoreLetter(id, kMaxAttempts);
    }
    return;
  }
}

void SimulatedQueue::Requeue(const std::string& name, uint64_t id,
                             Event event) {
  Place& place = channels_[name].places[id];
  event.kind = Kind::kRequeueSent;
  if (Chance(2)) event.delay = absl::Milliseconds(200);
  Note(event);
  place.state = State::kReady;
  place.due = now_ + event.delay * (Wrong(Bug::kRequeuesEarly, 2) ? 0.5 : 1);
  if (name == kMortal) GiveUp(id, &place);
}

void SimulatedQueue::GiveUp(uint64_t id, Place* place) {
  const uint32_t last = kMaxAttempts - (Wrong(Bug::kGivesUpEarly, 5) ? 1 : 0);
  if (place->attempts < last || Wrong(Bug::kNeverGivesUp, 5)) return;
  if (!Wrong(Bug::kKeepsWhatItGaveUp, 3)) place->state = State::kFinished;
  if (!Wrong(Bug::kLosesALetter, 5)) StoreLetter(id, place->attempts);
  if (Wrong(Bug::kStoresALetterTwice, 5)) StoreLetter(id, place->attempts);
  // One write, with the channel as it is now.
  Save();
}

void SimulatedQueue::StoreLetter(uint64_t id, uint32_t attempts) {
  const uint64_t letter = ++last_letter_;
  letters_[letter] = {letter, log_[id].key, absl::InfinitePast(), id, attempts};
  channels_[kLetters].places[letter];
}

void SimulatedQueue::EmptyOrPause() {
  const std::string name = kShared;
  Channel& channel = channels_[name];
  if (channel.paused) {
    Note(Made(Kind::kResumeInvoked, name));
    channel.paused = false;
  } else if (Chance(2)) {
    channel.paused = true;
    Note(Made(Kind::kPauseOk, name));
    Save();
  } else {
    Note(Made(Kind::kEmptyInvoked, name));
    for (auto& [id, place] : channel.places) {
      if (!Wrong(Bug::kForgetsToEmpty, 2)) place.state = State::kFinished;
    }
    Note(Made(Kind::kEmptyOk, name));
    Save();
  }
}

void SimulatedQueue::Save() { saved_ = channels_; }

void SimulatedQueue::Crash() {
  Note(Made(Kind::kKilled));
  now_ += absl::Milliseconds(200);
  std::map<std::string, Channel> back = saved_;
  for (auto& [name, channel] : back) {
    channel.paused = channels_[name].paused;
    for (const auto& [id, place] : channels_[name].places) {
      if (name == kLetters || id <= written_id_) channel.places[id];
    }
    for (auto& [id, place] : channel.places) {
      if (place.state == State::kLeased) place.state = State::kReady;
      // The node died before it could give it up.
      if (name == kMortal && place.state == State::kReady &&
          place.attempts >= kMaxAttempts) {
        place.state = State::kFinished;
        StoreLetter(id, place.attempts);
        back[kLetters].places[last_letter_];
      }
    }
  }
  for (auto& [name, channel] : back) {
    if (name == kLetters) continue;
    auto& places = channel.places;
    places.erase(places.upper_bound(written_id_), places.end());
  }
  channels_ = std::move(back);
  if (bug_ == Bug::kReusesAnId && last_id_ > 3) {
    last_id_ -= 3;
    log_.erase(log_.upper_bound(last_id_), log_.end());
    for (auto& [name, channel] : channels_) {
      if (name == kLetters) continue;
      auto& places = channel.places;
      places.erase(places.upper_bound(last_id_), places.end());
    }
  }
  Save();
  Note(Made(Kind::kRestarted));
  Open();
}

uint64_t SimulatedQueue::Left() const {
  uint64_t left = 0;
  for (const auto& [name, channel] : channels_) left += LeftOn(channel);
  return left;
}

uint64_t SimulatedQueue::LeftOn(const Channel& channel) {
  uint64_t left = 0;
  for (const auto& [id, place] : channel.places) {
    left += place.state != State::kFinished ? 1 : 0;
  }
  return left;
}

void SimulatedQueue::CountAll() {
  for (const auto& [name, channel] : channels_) {
    Event event = Made(Kind::kCounted, name);
    event.count = LeftOn(channel);
    if (bug_ == Bug::kMiscounts) event.count += last_id_ * 30;
    Note(std::move(event));
  }
}

}  // namespace sluice
