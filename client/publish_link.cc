// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/publish_link.h"

#include <algorithm>
#include <utility>

#include "client/call_error.h"

namespace sluice {

PublishLink::PublishLink(ClientRuntime* runtime, std::string address,
                         Owner* owner)
    : runtime_(runtime),
      address_(std::move(address)),
      owner_(owner),
      channel_(runtime->Channel(address_)),
      stub_(channel_),
      delay_(runtime->options().min_reconnect_delay,
             runtime->options().max_reconnect_delay) {}

PublishLink::~PublishLink() {
  runtime_->loop().Cancel(timer_);
  if (call_ != nullptr) call_->Detach();
}

void PublishLink::Send(uint64_t attempt) {
  queue_.push_back(attempt);
  if (state_ == State::kNew) {
    Connect();
  } else {
    Write();
  }
}

void PublishLink::Connect() {
  if (state_ == State::kNew) state_ = State::kConnecting;
  runtime_->loop().Cancel(timer_);
  // Its own pauses would come on top of ours.
  grpc::experimental::ChannelResetConnectionBackoff(channel_.get());
  call_ = std::make_shared<Call>(&runtime_->loop(),
                                 static_cast<Call::Owner*>(this));
  call_->Start(
      [this](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
        return stub_.PrepareAsyncPublishStream(context, queue);
      });
}

void PublishLink::TryNow() {
  if (state_ != State::kBroken || call_ != nullptr) return;
  delay_.Reset();
  Connect();
}

void PublishLink::OnCallStarted() {
  state_ = State::kOpen;
  draining_ = false;
  avoid_until_ = SteadyTime();
  Write();
  owner_->OnLinkOpen(this);
}

void PublishLink::Write() {
  if (call_ == nullptr) return;
  while (!queue_.empty() && call_->writable()) {
    const uint64_t attempt = queue_.front();
    queue_.pop_front();
    v1::PublishStreamRequest* const request = owner_->RequestOf(attempt);
    if (request == nullptr) continue;
    request->set_correlation_id(attempt);
    sent_[attempt] = Clock::Real().SteadyNow();
    call_->Write(*request);
  }
}

void PublishLink::OnCallResponse(v1::PublishStreamResponse* response) {
  // It works, and the next break begins with a short pause.
  delay_.Reset();
  last_answer_ = Clock::Real().SteadyNow();
  for (const v1::PublishResult& result : response->results()) {
    if (sent_.erase(result.correlation_id()) == 0) continue;
    owner_->OnLinkResult(this, result);
  }
}

void PublishLink::OnCallEnded(const grpc::Status& status) {
  call_ = nullptr;
  state_ = State::kBroken;
  std::vector<uint64_t> sent;
  for (const auto& [attempt, time] : sent_) sent.push_back(attempt);
  const std::vector<uint64_t> not_sent(queue_.begin(), queue_.end());
  sent_.clear();
  queue_.clear();
  timer_ = runtime_->loop().RunAfter(delay_.Next(runtime_->RandomFraction()),
                                     [this] { Connect(); });
  owner_->OnLinkBroken(this, CallError(status, address_), sent, not_sent);
}

void PublishLink::CutIfSilent(SteadyTime since) {
  if (call_ == nullptr || sent_.empty()) return;
  const SteadyTime silent = std::max(sent_.begin()->second, last_answer_);
  if (silent < since) call_->Cancel();
}

}  // namespace sluice
