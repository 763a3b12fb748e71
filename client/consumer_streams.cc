// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/consumer_streams.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "client/proto_duration.h"
#include "client/publication.h"

namespace sluice {
namespace {

// Leases are renewed, nodes forgotten and turns passed on this often.
constexpr absl::Duration kTick = absl::Milliseconds(250);
// What was deleted is asked for again only after this.
constexpr absl::Duration kDeletedPause = absl::Minutes(1);
// A node that refuses is asked again after this.
constexpr absl::Duration kRefusedPause = absl::Seconds(5);
// A copy of a message that is being worked on comes again after this.
constexpr absl::Duration kCopyPause = absl::Seconds(1);

SteadyTime Now() { return Clock::Real().SteadyNow(); }

// Whether the node, or the way to it, is away just now.
bool IsPassing(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kDeadlineExceeded;
}

v1::StartPosition ToProto(ConsumerOptions::Start start) {
  switch (start) {
    case ConsumerOptions::Start::kEarliest:
      return v1::START_POSITION_EARLIEST;
    case ConsumerOptions::Start::kLatest:
      return v1::START_POSITION_LATEST;
    case ConsumerOptions::Start::kDefault:
      return v1::START_POSITION_UNSPECIFIED;
  }
  return v1::START_POSITION_UNSPECIFIED;
}

std::string DedupIdOf(const v1::Delivery& delivery) {
  const auto found = delivery.attributes().find(kDedupIdAttribute);
  return found == delivery.attributes().end() ? std::string() : found->second;
}

}  // namespace

ConsumerStreams::ConsumerStreams(ClientRuntime* runtime,
                                 const ConsumerOptions* options, Owner* owner)
    : runtime_(runtime),
      options_(*options),
      owner_(owner),
      follower_(runtime, options->topic,
                [this](size_t lookup, const std::vector<std::string>& nodes) {
                  OnNodes(lookup, nodes);
                }),
      known_(runtime->options().forget_node_after),
      distribution_(options->idle_after),
      backoff_(options->backoff_base, options->max_backoff),
      seen_(options->dedup_window, options->dedup_window_duration),
      max_in_flight_(options->max_in_flight) {}

ConsumerStreams::~ConsumerStreams() {
  runtime_->loop().Cancel(tick_);
  runtime_->loop().Cancel(backoff_timer_);
  for (auto& [address, node] : nodes_) {
    runtime_->loop().Cancel(node->timer);
    LoseLeases(address, node.get());
  }
}

void ConsumerStreams::Start() {
  distribution_.SetTotal(max_in_flight_);
  follower_.Start();
  OnTick();
}

void ConsumerStreams::OnNodes(size_t lookup,
                              const std::vector<std::string>& addresses) {
  if (closing_) return;
  const std::vector<std::string> anew =
      known_.OnAnswer(lookup, addresses, Now());
  for (const std::string& address : anew) {
    std::unique_ptr<Node>& node = nodes_[address];
    if (node == nullptr) {
      node = std::make_unique<Node>(
          RetryDelay(runtime_->options().min_reconnect_delay,
                     runtime_->options().max_reconnect_delay));
    }
    node->delay.Reset();
    if (node->stream == nullptr) Connect(address);
  }
}

v1::Open ConsumerStreams::OpenRequest() const {
  v1::Open open;
  open.set_topic(options_.topic);
  open.set_channel(options_.channel);
  open.set_client_id(runtime_->options().client_id);
  open.set_user_agent(runtime_->options().user_agent);
  if (options_.message_timeout > absl::ZeroDuration()) {
    *open.mutable_message_timeout() = sluice::ToProto(options_.message_timeout);
  }
  open.set_sample_percent(options_.sample_percent);
  open.set_start(ToProto(options_.start));
  return open;
}

void ConsumerStreams::Connect(const std::string& address) {
  Node& node = *nodes_.at(address);
  runtime_->loop().Cancel(node.timer);
  node.opened = false;
  node.draining = false;
  node.stream = std::make_unique<NodeSubscription>(
      runtime_, address, OpenRequest(),
      static_cast<NodeSubscription::Owner*>(this));
  node.stream->Start();
}

void ConsumerStreams::ConnectAfter(const std::string& address,
                                   absl::Duration delay) {
  nodes_.at(address)->timer =
      runtime_->loop().RunAfter(delay, [this, address] { Connect(address); });
}

void ConsumerStreams::OnOpened(const std::string& address,
                               const v1::Opened& opened) {
  Node& node = *nodes_.at(address);
  node.opened = true;
  node.last_error = absl::OkStatus();
  node.message_timeout = FromProto(opened.message_timeout());
  node.max_message_timeout = FromProto(opened.max_message_timeout());
  node.alive = std::make_shared<std::atomic<bool>>(true);
  node.delay.Reset();
  known_.SetInUse(address, true, Now());
  if (closing_) {
    node.stream->commands().Close();
    return node.stream->Flush();
  }
  distribution_.Add(address, opened.max_ready(), Now());
  Redistribute();
}

bool ConsumerStreams::Admit(Node* node, const v1::Delivery& delivery,
                            const std::string& dedup_id) {
  if (options_.dedup_window == 0 || dedup_id.empty()) return true;
  switch (seen_.See(dedup_id, Now())) {
    case SeenIds::Verdict::kNew:
      return true;
    case SeenIds::Verdict::kDone:
      ++counts_.duplicates;
      node->stream->commands().Finish(delivery.delivery_id());
      return false;
    case SeenIds::Verdict::kUnderWay:
      ++counts_.given_back;
      node->stream->commands().Requeue(delivery.delivery_id(), kCopyPause,
                                       /*keep_attempts=*/true);
      return false;
  }
  return true;
}

WorkItem ConsumerStreams::Accept(const std::string& address, Node* node,
                                 v1::Delivery* delivery) {
  WorkItem item;
  item.ticket = held_.Add(address, delivery->delivery_id(), Now());
  item.alive = node->alive;
  item.message = std::make_unique<Message>();
  Message& message = *item.message;
  message.topic = options_.topic;
  message.channel = options_.channel;
  message.node = address;
  message.id = delivery->message_id();
  message.attempts = delivery->attempts();
  message.publish_time = absl::FromUnixNanos(
      static_cast<int64_t>(delivery->publish_time_unix_nano()));
  message.body = std::move(*delivery->mutable_body());
  for (auto& [key, value] : *delivery->mutable_attributes()) {
    message.attributes[key] = std::move(value);
  }
  return item;
}

void ConsumerStreams::OnDeliveries(const std::string& address,
                                   v1::Deliveries* deliveries) {
  Node& node = *nodes_.at(address);
  const bool refuse =
      closing_ || backoff_.phase() == ConsumerBackoff::Phase::kPaused;
  std::vector<WorkItem> items;
  for (v1::Delivery& delivery : *deliveries->mutable_deliveries()) {
    ++node.received;
    ++counts_.received;
    if (refuse) {
      // It was on its way when the node had not heard yet.
      ++counts_.given_back;
      node.stream->commands().Requeue(delivery.delivery_id(),
                                      absl::ZeroDuration(), true);
    } else if (Admit(&node, delivery, DedupIdOf(delivery))) {
      items.push_back(Accept(address, &node, &delivery));
    }
  }
  UpdateInFlight(address);
  if (distribution_.OnMessages(address, Now())) Redistribute();
  node.stream->Flush();
  owner_->Deliver(std::move(items));
}

void ConsumerStreams::OnResults(const std::string& address,
                                const v1::CommandResults& results) {
  for (const v1::CommandResult& result : results.results()) {
    if (result.outcome() != v1::COMMAND_OUTCOME_NOT_IN_FLIGHT) continue;
    if (result.kind() != v1::COMMAND_KIND_TOUCH) {
      ++counts_.late;
      continue;
    }
    // Its time is over; whoever works on it will be late.
    held_.Lose(address, result.delivery_id());
  }
  UpdateInFlight(address);
}

void ConsumerStreams::UpdateInFlight(const std::string& address) {
  distribution_.SetInFlight(address, held_.CountOf(address));
}

void ConsumerStreams::OnDraining(const std::string& address) {
  Node& node = *nodes_.at(address);
  node.draining = true;
  distribution_.Remove(address);
  node.stream->commands().Close();
  node.stream->Flush();
  Redistribute();
}

void ConsumerStreams::LoseLeases(const std::string& address, Node* node) {
  if (node->alive != nullptr) node->alive->store(false);
  node->alive = nullptr;
  held_.LoseAll(address);
}

void ConsumerStreams::Remember(const std::string& address, Node* node,
                               const absl::Status& status) {
  const bool news = node->last_error.code() != status.code() ||
                    ErrorReason(node->last_error) != ErrorReason(status);
  node->last_error = status;
  if (news && !closing_) owner_->Report(address, status);
}

void ConsumerStreams::OnEnded(const std::string& address,
                              const absl::Status& status) {
  Node& node = *nodes_.at(address);
  const bool was_opened = node.opened;
  node.opened = false;
  node.stream = nullptr;
  LoseLeases(address, &node);
  known_.SetInUse(address, false, Now());
  distribution_.Remove(address);
  if (closing_) return CheckClosed();
  Remember(address, &node,
           node.draining ? MakeError(absl::StatusCode::kUnavailable, "DRAINING",
                                     address + " is going away")
                         : status);
  if (was_opened && status.code() == absl::StatusCode::kNotFound) {
    known_.SetAside(address, Now() + kDeletedPause);
  } else {
    ConnectAfter(address, IsPassing(status)
                              ? node.delay.Next(runtime_->RandomFraction())
                              : kRefusedPause);
  }
  Redistribute();
}

absl::Duration ConsumerStreams::RequeueDelay(
    const Completion& completion) const {
  if (completion.result.delay().has_value()) return *completion.result.delay();
  return std::min(options_.default_requeue_delay * completion.attempts,
                  options_.max_requeue_delay);
}

void ConsumerStreams::Complete(const Completion& completion) {
  const HandlerResult& result = completion.result;
  const bool finished = result.kind() == HandlerResult::Kind::kFinish;
  if (!completion.dedup_id.empty() && options_.dedup_window > 0) {
    if (finished) {
      seen_.Finished(completion.dedup_id, Now());
    } else {
      seen_.Failed(completion.dedup_id);
    }
  }
  if (completion.dropped) return;
  if (result.keep_attempts()) {
    ++counts_.given_back;
  } else {
    ++(finished ? counts_.finished : counts_.requeued);
  }
  const auto held = held_.Take(completion.ticket);
  if (held.has_value()) {
    SubscribeCommands& commands = nodes_.at(held->node)->stream->commands();
    if (finished) {
      commands.Finish(held->delivery_id);
    } else {
      commands.Requeue(held->delivery_id, RequeueDelay(completion),
                       result.keep_attempts());
    }
    UpdateInFlight(held->node);
  } else {
    ++counts_.late;
  }
  bool changed = false;
  if (finished) changed = backoff_.OnSuccess(Now());
  if (result.backs_off()) changed = backoff_.OnFailure(Now());
  if (changed) OnBackoffChanged();
}

void ConsumerStreams::OnBackoffChanged() {
  runtime_->loop().Cancel(backoff_timer_);
  uint32_t total = max_in_flight_;
  if (backoff_.phase() == ConsumerBackoff::Phase::kPaused) {
    total = 0;
    GiveBackWaiting();
    backoff_timer_ =
        runtime_->loop().RunAfter(backoff_.until() - Now(), [this] {
          if (backoff_.OnTime(Now())) OnBackoffChanged();
        });
  } else if (backoff_.phase() == ConsumerBackoff::Phase::kProbing) {
    total = std::min(total, 1u);
  }
  distribution_.SetTotal(total);
  Redistribute();
}

void ConsumerStreams::GiveBackWaiting() {
  for (const WorkItem& item : owner_->TakeBack()) {
    Completion completion;
    completion.ticket = item.ticket;
    completion.result = HandlerResult::GiveBack();
    const auto id = item.message->attributes.find(kDedupIdAttribute);
    if (id != item.message->attributes.end()) completion.dedup_id = id->second;
    completion.dropped = !item.alive->load();
    Complete(completion);
  }
}

void ConsumerStreams::Touch(uint64_t ticket) {
  const auto held = held_.Renew(ticket, Now());
  if (!held.has_value()) return;
  nodes_.at(held->node)->stream->commands().Touch(held->delivery_id);
}

void ConsumerStreams::Flush() {
  for (auto& [address, node] : nodes_) {
    if (node->stream != nullptr) node->stream->Flush();
  }
}

void ConsumerStreams::SetMaxInFlight(uint32_t messages) {
  max_in_flight_ = messages;
  OnBackoffChanged();
}

void ConsumerStreams::Redistribute() {
  if (closing_) return;
  for (const auto& level : distribution_.Distribute(Now())) {
    NodeSubscription& stream = *nodes_.at(level.node)->stream;
    const uint64_t bytes = std::max<uint64_t>(
        1, static_cast<uint64_t>(options_.max_in_flight_bytes) * level.ready /
               std::max(max_in_flight_, 1u));
    stream.commands().SetReady(level.ready, bytes);
    stream.Flush();
  }
}

void ConsumerStreams::TouchLeases(SteadyTime now) {
  if (!options_.auto_touch) return;
  for (auto& [address, node] : nodes_) {
    if (!node->opened) continue;
    for (const uint64_t delivery_id :
         held_.RenewOlderThan(address, node->message_timeout / 2,
                              node->max_message_timeout, now)) {
      node->stream->commands().Touch(delivery_id);
    }
    node->stream->Flush();
  }
}

void ConsumerStreams::OnTick() {
  const SteadyTime now = Now();
  TouchLeases(now);
  if (!closing_) {
    for (const std::string& address : known_.Forget(now)) {
      runtime_->loop().Cancel(nodes_.at(address)->timer);
      nodes_.erase(address);
    }
    for (const std::string& address : known_.TakeBack(now)) Connect(address);
    Redistribute();
  }
  tick_ = runtime_->loop().RunAfter(kTick, [this] { OnTick(); });
}

void ConsumerStreams::Close() {
  closing_ = true;
  runtime_->loop().Cancel(backoff_timer_);
  for (auto& [address, node] : nodes_) {
    runtime_->loop().Cancel(node->timer);
    if (node->stream == nullptr) continue;
    if (!node->opened) {
      node->stream->Cut();
    } else if (!node->draining) {
      node->stream->commands().Close();
    }
  }
  GiveBackWaiting();
  Flush();
  CheckClosed();
}

void ConsumerStreams::Cut() {
  for (auto& [address, node] : nodes_) {
    if (node->stream != nullptr) node->stream->Cut();
  }
}

void ConsumerStreams::CheckClosed() {
  for (const auto& [address, node] : nodes_) {
    if (node->stream != nullptr) return;
  }
  owner_->OnClosed();
}

ConsumerStats ConsumerStreams::Stats() const {
  ConsumerStats stats = counts_;
  stats.in_flight = static_cast<uint32_t>(held_.size());
  stats.backoff_level = backoff_.level();
  stats.backing_off = backoff_.phase() != ConsumerBackoff::Phase::kOpen;
  for (const auto& [address, node] : nodes_) {
    ConsumerNodeStats of_node;
    of_node.address = address;
    of_node.connected = node->opened;
    of_node.draining = node->draining;
    of_node.ready = distribution_.ready(address);
    of_node.in_flight = held_.CountOf(address);
    of_node.received = node->received;
    of_node.last_error = node->last_error;
    stats.nodes.push_back(of_node);
  }
  return stats;
}

}  // namespace sluice
