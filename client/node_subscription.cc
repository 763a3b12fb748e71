// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/node_subscription.h"

#include <utility>

#include "client/call_error.h"

namespace sluice {

NodeSubscription::NodeSubscription(ClientRuntime* runtime, std::string address,
                                   v1::Open open, Owner* owner)
    : runtime_(runtime),
      address_(std::move(address)),
      open_(std::move(open)),
      owner_(owner),
      channel_(runtime->Channel(address_)),
      stub_(channel_),
      call_(std::make_shared<Call>(&runtime->loop(),
                                   static_cast<Call::Owner*>(this))) {}

NodeSubscription::~NodeSubscription() { call_->Detach(); }

void NodeSubscription::Start() {
  // Its own pauses would come on top of ours.
  grpc::experimental::ChannelResetConnectionBackoff(channel_.get());
  call_->Start(
      [this](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
        return stub_.PrepareAsyncSubscribe(context, queue);
      });
}

void NodeSubscription::OnCallStarted() {
  *request_.mutable_open() = open_;
  open_sent_ = true;
  call_->Write(request_);
}

void NodeSubscription::Flush() {
  if (open_sent_ && call_->writable() && commands_.Next(&request_)) {
    call_->Write(request_);
  }
}

void NodeSubscription::OnCallResponse(v1::SubscribeResponse* response) {
  switch (response->event_case()) {
    case v1::SubscribeResponse::kOpened:
      return owner_->OnOpened(address_, response->opened());
    case v1::SubscribeResponse::kDeliveries:
      return owner_->OnDeliveries(address_, response->mutable_deliveries());
    case v1::SubscribeResponse::kResults:
      return owner_->OnResults(address_, response->results());
    case v1::SubscribeResponse::kDraining:
      return owner_->OnDraining(address_);
    case v1::SubscribeResponse::kClosed:
    case v1::SubscribeResponse::EVENT_NOT_SET:
      return;
  }
}

void NodeSubscription::OnCallEnded(const grpc::Status& status) {
  // Copies: it may be the end of this object.
  Owner* const owner = owner_;
  const std::string address = address_;
  owner->OnEnded(address, CallError(status, address));
}

}  // namespace sluice
