// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/subscription.h"

#include <utility>

#include "server/queue/attachment.h"
#include "server/queue/channel.h"

namespace sluice {

Subscription::Subscription(std::shared_ptr<Channel> channel,
                           std::shared_ptr<Attachment> attachment)
    : channel_(std::move(channel)), attachment_(std::move(attachment)) {}

Subscription::~Subscription() { channel_->Detach(*attachment_); }

const std::string& Subscription::id() const { return attachment_->id; }

void Subscription::SetReady(uint32_t count, uint64_t bytes) {
  channel_->SetReady(*attachment_, count, bytes);
}

uint32_t Subscription::Take(const TakeLimit& limit,
                            std::vector<DeliveryRun>* runs) {
  return channel_->Take(*attachment_, limit, runs);
}

void Subscription::Finish(absl::Span<const DeliveryId> ids,
                          std::vector<DeliveryId>* not_in_flight) {
  channel_->Finish(*attachment_, ids, not_in_flight);
}

void Subscription::Requeue(absl::Span<const DeliveryId> ids,
                           absl::Duration delay, bool keep_attempts,
                           std::vector<DeliveryId>* not_in_flight) {
  channel_->Requeue(*attachment_, ids, delay, keep_attempts, not_in_flight);
}

void Subscription::Touch(absl::Span<const DeliveryId> ids,
                         std::vector<DeliveryId>* not_in_flight) {
  channel_->Touch(*attachment_, ids, not_in_flight);
}

void Subscription::PassOn() { channel_->PassOn(*attachment_); }

uint64_t Subscription::in_flight() const {
  return channel_->InFlight(*attachment_);
}

}  // namespace sluice
