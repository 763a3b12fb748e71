// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/cluster_subscription.h"

#include <poll.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/cluster.h"
#include "cli/delivery_inbox.h"
#include "client/consumer.h"
#include "client/proto_duration.h"

namespace sluice {
namespace {

// Within the grace that StopSignal gives.
constexpr absl::Duration kStopTimeout = absl::Seconds(2);

ConsumerOptions OptionsOf(const SubscriptionOptions& options) {
  const v1::Open& open = options.open;
  ConsumerOptions consumer;
  consumer.topic = open.topic();
  consumer.channel = open.channel();
  consumer.message_timeout = FromProto(open.message_timeout());
  consumer.on_error = NoteNodeError;
  if (open.start() == v1::START_POSITION_EARLIEST) {
    consumer.start = ConsumerOptions::Start::kEarliest;
  } else if (open.start() == v1::START_POSITION_LATEST) {
    consumer.start = ConsumerOptions::Start::kLatest;
  }
  return consumer;
}

void AddTo(const Message& message, v1::Deliveries* frame) {
  v1::Delivery* delivery = frame->add_deliveries();
  delivery->set_message_id(message.id);
  delivery->set_publish_time_unix_nano(
      static_cast<uint64_t>(absl::ToUnixNanos(message.publish_time)));
  delivery->set_attempts(message.attempts);
  delivery->set_body(message.body);
  delivery->mutable_attributes()->insert(message.attributes.begin(),
                                         message.attributes.end());
}

// One run. One thread only.
class Run {
 public:
  Run(const SubscriptionOptions& options, DeliveryWriter* writer)
      : options_(options), writer_(*writer) {}

  // How many may be held, so that no more than the limit are taken.
  uint32_t MostInFlight() const {
    const uint32_t most = options_.ready.value_or(kDefaultReady);
    if (!options_.limit.has_value()) return most;
    return static_cast<uint32_t>(std::min<uint64_t>(most, Rest()));
  }

  bool limit_reached() const {
    return options_.limit.has_value() && received_ >= *options_.limit;
  }
  uint64_t received() const { return received_; }

  void Take(std::vector<Delivery> deliveries) {
    const size_t wanted =
        options_.limit.has_value()
            ? static_cast<size_t>(std::min<uint64_t>(deliveries.size(), Rest()))
            : deliveries.size();
    v1::Deliveries frame;
    std::vector<std::string> nodes;
    for (size_t i = 0; i < wanted; ++i) {
      AddTo(deliveries[i].message(), &frame);
      nodes.push_back(deliveries[i].message().node);
    }
    const auto written = static_cast<size_t>(
        writer_.Write(frame, static_cast<int>(wanted), nodes));
    received_ += written;
    for (size_t i = 0; i < deliveries.size(); ++i) {
      if (i >= written) {
        deliveries[i].Complete(HandlerResult::GiveBack());
      } else if (options_.requeue) {
        held_.push_back(std::move(deliveries[i]));
      } else {
        deliveries[i].Finish();
      }
    }
  }

  // What is held to the end goes back, as an attempt.
  void GiveBackHeld() {
    for (Delivery& delivery : held_) {
      delivery.Complete(HandlerResult::Postpone(absl::ZeroDuration()));
    }
    held_.clear();
  }

 private:
  uint64_t Rest() const {
    return *options_.limit - std::min(received_, *options_.limit);
  }

  const SubscriptionOptions& options_;
  DeliveryWriter& writer_;
  uint64_t received_ = 0;
  std::vector<Delivery> held_;
};

absl::Status CheckRequeue(const SubscriptionOptions& options) {
  const uint32_t most = options.ready.value_or(kDefaultReady);
  if (!options.requeue || options.limit.value_or(0) <= most) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "--requeue holds all messages until the end: give a smaller -n, or a "
      "larger --rdy");
}

}  // namespace

SubscriptionEnd RunClusterSubscription(
    const std::shared_ptr<ClusterConnection>& cluster,
    const SubscriptionOptions& options, DeliveryWriter* writer,
    StopSignal* stop, const std::function<void(uint64_t)>& on_progress) {
  SubscriptionEnd end;
  end.status = CheckRequeue(options);
  if (!end.status.ok()) return end;
  Run run(options, writer);
  DeliveryInbox inbox;
  ConsumerOptions consumer_options = OptionsOf(options);
  consumer_options.max_in_flight = run.MostInFlight();
  const auto consumer = Consumer::CreateAsync(
      cluster, std::move(consumer_options),
      [&inbox](Delivery delivery) { inbox.Put(std::move(delivery)); });
  end.status = consumer.status();
  if (!consumer.ok()) return end;
  while (!stop->stopped() && !run.limit_reached() && writer->status().ok()) {
    pollfd waits[] = {{stop->fd(), POLLIN, 0}, {inbox.fd(), POLLIN, 0}};
    poll(waits, std::size(waits), -1);
    run.Take(inbox.TakeAll());
    // Held messages take room; others make it, but not for more than the rest.
    if (options.limit.has_value() && !options.requeue) {
      (*consumer)->SetMaxInFlight(run.MostInFlight());
    }
    on_progress(run.received());
  }
  (*consumer)->SetMaxInFlight(0);
  for (Delivery& delivery : inbox.TakeAll()) {
    delivery.Complete(HandlerResult::GiveBack());
  }
  run.GiveBackHeld();
  (*consumer)->Stop(kStopTimeout).IgnoreError();
  for (Delivery& delivery : inbox.TakeAll()) {
    delivery.Complete(HandlerResult::GiveBack());
  }
  end.received = run.received();
  end.late = (*consumer)->stats().late;
  if (!writer->status().ok() && !writer->reader_gone()) {
    end.status = writer->status();
  }
  return end;
}

}  // namespace sluice
