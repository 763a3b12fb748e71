// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/delivery.h"

#include <utility>

namespace sluice {

Delivery::Delivery(std::shared_ptr<DeliverySink> sink, uint64_t ticket,
                   std::unique_ptr<Message> message)
    : sink_(std::move(sink)), ticket_(ticket), message_(std::move(message)) {}

Delivery::~Delivery() { Complete(HandlerResult::Requeue()); }

Delivery::Delivery(Delivery&& other) noexcept
    : sink_(std::move(other.sink_)),
      ticket_(other.ticket_),
      message_(std::move(other.message_)) {}

Delivery& Delivery::operator=(Delivery&& other) noexcept {
  if (this == &other) return *this;
  Complete(HandlerResult::Requeue());
  sink_ = std::move(other.sink_);
  ticket_ = other.ticket_;
  message_ = std::move(other.message_);
  return *this;
}

void Delivery::Complete(const HandlerResult& result) {
  if (sink_ == nullptr) return;
  const std::shared_ptr<DeliverySink> sink = std::move(sink_);
  sink_ = nullptr;
  sink->Complete(ticket_, *message_, result);
}

void Delivery::Touch() {
  if (sink_ != nullptr) sink_->Touch(ticket_);
}

}  // namespace sluice
