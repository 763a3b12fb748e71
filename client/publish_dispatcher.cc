// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/publish_dispatcher.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "client/durability_conversion.h"
#include "client/grpc_status.h"
#include "client/publish_verdict.h"

namespace sluice {
namespace {

// How often to look for what is late, and for nodes that have room again.
constexpr absl::Duration kTick = absl::Milliseconds(50);
// How long a node that has no room is left alone.
constexpr absl::Duration kBusyPause = absl::Seconds(1);

SteadyTime Now() { return Clock::Real().SteadyNow(); }

}  // namespace

PublishDispatcher::PublishDispatcher(ClientRuntime* runtime,
                                     const ProducerOptions* options,
                                     Owner* owner)
    : runtime_(runtime),
      options_(*options),
      required_copies_(options->required_copies == 0
                           ? options->copies
                           : options->required_copies),
      owner_(owner) {}

PublishDispatcher::~PublishDispatcher() { runtime_->loop().Cancel(tick_); }

void PublishDispatcher::SetNodes(const std::vector<std::string>& addresses,
                                 const std::vector<std::string>& anew) {
  order_ = addresses;
  for (auto entry = links_.begin(); entry != links_.end();) {
    const bool known =
        std::find(order_.begin(), order_.end(), entry->first) != order_.end();
    // One that still works finishes what it has.
    if (known || !entry->second->broken()) {
      ++entry;
    } else {
      last_errors_.erase(entry->first);
      entry = links_.erase(entry);
    }
  }
  for (const std::string& address : anew) {
    const auto found = links_.find(address);
    if (found != links_.end()) found->second->TryNow();
  }
  SendWaiting();
}

bool PublishDispatcher::Uses(const std::string& address) const {
  const auto found = links_.find(address);
  return found != links_.end() && !found->second->broken();
}

void PublishDispatcher::Dispatch(std::unique_ptr<Parcel> parcel) {
  const FlightId id = ++last_flight_;
  Flight& flight = flights_[id];
  flight.parcel = std::move(parcel);
  flight.copies.resize(options_.copies);
  for (size_t i = 0; i < flight.copies.size(); ++i) {
    waiting_.insert({id, i});
    SendCopy({id, i});
  }
  ScheduleTick();
}

PublishLink* PublishDispatcher::FindLink(const std::string& address) {
  std::unique_ptr<PublishLink>& link = links_[address];
  if (link == nullptr) {
    link = std::make_unique<PublishLink>(
        runtime_, address, static_cast<PublishLink::Owner*>(this));
  }
  return link.get();
}

PublishLink* PublishDispatcher::Choose(const Flight& flight, size_t index) {
  const SteadyTime now = Now();
  const Copy& copy = flight.copies[index];
  if (!copy.unsure_at.empty() &&
      now < copy.unsure_since + options_.same_node_patience) {
    PublishLink* const link = FindLink(copy.unsure_at);
    return link->Usable(now) ? link : nullptr;
  }
  const size_t count = order_.size();
  const bool spread =
      options_.node_choice == ProducerOptions::NodeChoice::kSpread;
  const size_t first = spread && count > 0 ? turn_++ % count : 0;
  for (size_t i = 0; i < count; ++i) {
    const std::string& address = order_[(first + i) % count];
    const bool taken = std::any_of(
        flight.copies.begin(), flight.copies.end(), [&](const Copy& other) {
          return &other != &copy &&
                 (other.node == address || other.unsure_at == address);
        });
    if (taken) continue;
    PublishLink* const link = FindLink(address);
    if (link->Usable(now)) return link;
  }
  return nullptr;
}

void PublishDispatcher::SendCopy(CopyId id) {
  Flight& flight = flights_.at(id.first);
  PublishLink* const link = Choose(flight, id.second);
  if (link == nullptr) return;
  Copy& copy = flight.copies[id.second];
  waiting_.erase(id);
  if (copy.tried) ++counts_.retried;
  if (!copy.unsure_at.empty() && copy.unsure_at != link->address()) {
    ++counts_.moved;
    copy.unsure_at.clear();
  }
  copy.tried = true;
  copy.state = Copy::State::kAtLink;
  copy.node = link->address();
  copy.attempt = ++last_attempt_;
  attempts_[copy.attempt] = id;
  link->Send(copy.attempt);
}

void PublishDispatcher::SendWaiting() {
  const std::vector<CopyId> waiting(waiting_.begin(), waiting_.end());
  for (const CopyId& id : waiting) {
    if (waiting_.count(id) > 0) SendCopy(id);
  }
}

v1::PublishStreamRequest* PublishDispatcher::RequestOf(uint64_t attempt) {
  const auto found = attempts_.find(attempt);
  if (found == attempts_.end()) return nullptr;
  return &flights_.at(found->second.first).parcel->request;
}

PublishDispatcher::Copy* PublishDispatcher::Leave(uint64_t attempt,
                                                  FlightId* id) {
  const auto found = attempts_.find(attempt);
  if (found == attempts_.end()) return nullptr;
  const CopyId copy_id = found->second;
  attempts_.erase(found);
  *id = copy_id.first;
  return &flights_.at(copy_id.first).copies[copy_id.second];
}

void PublishDispatcher::OnLinkResult(PublishLink* link,
                                     const v1::PublishResult& result) {
  FlightId id = 0;
  Copy* const copy = Leave(result.correlation_id(), &id);
  if (copy == nullptr) return;
  if (result.has_published()) {
    last_errors_.erase(link->address());
    OnStored(id, copy, result.published());
  } else {
    OnError(id, copy, link, FromRpcStatus(result.error()));
  }
}

void PublishDispatcher::OnStored(FlightId id, Copy* copy,
                                 const v1::PublishResponse& response) {
  Flight& flight = flights_.at(id);
  copy->state = Copy::State::kStored;
  ++flight.stored;
  if (flight.stored == 1) {
    flight.first.node = copy->node;
    flight.first.first_message_id = response.first_message_id();
    flight.first.message_count = response.message_count();
    flight.first.durability = FromProto(response.durability());
  } else if (!flight.decided) {
    // The weaker one is what can be promised.
    flight.first.durability =
        std::min(flight.first.durability, FromProto(response.durability()));
  }
  flight.first.copies = flight.stored;
  if (flight.stored >= required_copies_) Decide(&flight, flight.first);
  EndIfDone(id);
}

void PublishDispatcher::OnError(FlightId id, Copy* copy, PublishLink* link,
                                const absl::Status& status) {
  Flight& flight = flights_.at(id);
  flight.last_error = status;
  const PublishVerdict verdict = JudgePublish(status);
  if (verdict == PublishVerdict::kRefused) {
    copy->state = Copy::State::kFailed;
    return Settle(id, status);
  }
  Report(link->address(), status);
  if (verdict == PublishVerdict::kDraining) link->SetDraining();
  if (verdict == PublishVerdict::kBusy) link->Avoid(Now() + kBusyPause);
  if (verdict == PublishVerdict::kUnsure) {
    link->Avoid(Now() + kBusyPause);
    if (copy->unsure_at.empty()) {
      copy->unsure_at = link->address();
      copy->unsure_since = Now();
    }
  } else if (verdict == PublishVerdict::kDraining) {
    // An earlier attempt may be stored here, but this node will not tell.
    copy->unsure_since = SteadyTime();
  }
  copy->state = Copy::State::kWaiting;
  copy->node.clear();
  const auto index = static_cast<size_t>(copy - flight.copies.data());
  waiting_.insert({id, index});
  SendCopy({id, index});
}

// A node refused it for good, so the others will.
void PublishDispatcher::Settle(FlightId id, const absl::Status& error) {
  Flight& flight = flights_.at(id);
  if (flight.decided) return EndIfDone(id);
  flight.decided = true;
  std::unique_ptr<Parcel> parcel = std::move(flight.parcel);
  End(id);
  owner_->OnRefused(std::move(parcel), error);
}

void PublishDispatcher::Decide(
    Flight* flight, const absl::StatusOr<PublishedBatch>& published) {
  if (flight->decided) return;
  flight->decided = true;
  owner_->OnDecided(*flight->parcel, published);
}

void PublishDispatcher::EndIfDone(FlightId id) {
  const Flight& flight = flights_.at(id);
  for (const Copy& copy : flight.copies) {
    if (copy.state == Copy::State::kWaiting ||
        copy.state == Copy::State::kAtLink) {
      return;
    }
  }
  End(id);
}

void PublishDispatcher::End(FlightId id) {
  const auto found = flights_.find(id);
  for (size_t i = 0; i < found->second.copies.size(); ++i) {
    attempts_.erase(found->second.copies[i].attempt);
    waiting_.erase({id, i});
  }
  std::unique_ptr<Parcel> parcel = std::move(found->second.parcel);
  flights_.erase(found);
  if (parcel != nullptr) owner_->OnGone(std::move(parcel));
}

void PublishDispatcher::OnLinkBroken(PublishLink* link,
                                     const absl::Status& status,
                                     const std::vector<uint64_t>& sent,
                                     const std::vector<uint64_t>& not_sent) {
  Report(link->address(), status);
  const SteadyTime now = Now();
  for (const std::vector<uint64_t>* attempts : {&sent, &not_sent}) {
    for (const uint64_t attempt : *attempts) {
      FlightId id = 0;
      Copy* const copy = Leave(attempt, &id);
      if (copy == nullptr) continue;
      Flight& flight = flights_.at(id);
      flight.last_error = status;
      copy->state = Copy::State::kWaiting;
      copy->node.clear();
      if (attempts == &sent && copy->unsure_at.empty()) {
        copy->unsure_at = link->address();
        copy->unsure_since = now;
      }
      waiting_.insert({id, static_cast<size_t>(copy - flight.copies.data())});
    }
  }
  SendWaiting();
}

void PublishDispatcher::CancelAll(const absl::Status& status) {
  while (!flights_.empty()) {
    const FlightId id = flights_.begin()->first;
    Decide(&flights_.begin()->second, status);
    End(id);
  }
}

void PublishDispatcher::ScheduleTick() {
  if (ticking_) return;
  ticking_ = true;
  tick_ = runtime_->loop().RunAfter(kTick, [this] { OnTick(); });
}

void PublishDispatcher::OnTick() {
  ticking_ = false;
  const SteadyTime now = Now();
  while (!flights_.empty() &&
         flights_.begin()->second.parcel->deadline <= now) {
    const FlightId id = flights_.begin()->first;
    Decide(&flights_.begin()->second, TimeoutError(flights_.begin()->second));
    End(id);
  }
  const SteadyTime silent_since = now + -options_.answer_timeout;
  for (const auto& [address, link] : links_) link->CutIfSilent(silent_since);
  SendWaiting();
  if (!waiting_.empty()) owner_->OnStuck();
  if (!flights_.empty()) ScheduleTick();
}

void PublishDispatcher::Report(const std::string& address,
                               const absl::Status& status) {
  absl::Status& last = last_errors_[address];
  const bool news =
      last.code() != status.code() || ErrorReason(last) != ErrorReason(status);
  last = status;
  if (news && options_.on_error != nullptr) options_.on_error(address, status);
}

absl::Status PublishDispatcher::TimeoutError(const Flight& flight) const {
  const std::string stored =
      flight.stored == 0 ? std::string()
                         : absl::StrCat("; it is stored on ", flight.stored,
                                        " of ", required_copies_, " nodes, ",
                                        flight.first.node, " first");
  const std::string within =
      absl::StrCat("not published within ",
                   absl::FormatDuration(options_.publish_timeout), stored);
  if (flight.last_error.ok()) {
    return absl::UnavailableError(
        absl::StrCat(within, "; no node could be reached"));
  }
  return MakeError(flight.last_error.code(), ErrorReason(flight.last_error),
                   absl::StrCat(within, ": ", flight.last_error.message()));
}

}  // namespace sluice
