// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/watch_call.h"

#include <utility>

namespace sluice {

WatchCall::WatchCall(EventLoop* loop, OnSnapshot on_snapshot, OnEnded on_ended)
    : loop_(loop),
      on_snapshot_(std::move(on_snapshot)),
      on_ended_(std::move(on_ended)) {}

void WatchCall::Start(v1::LookupService::Stub* stub, const std::string& topic) {
  lease_ = std::make_unique<EventLoop::Lease>(loop_);
  self_ = shared_from_this();
  v1::WatchRequest request;
  request.set_topic(topic);
  reader_ = stub->PrepareAsyncWatch(&context_, request, loop_->queue());
  reader_->StartCall(on_started_.tag());
}

void WatchCall::Detach() {
  on_snapshot_ = nullptr;
  on_ended_ = nullptr;
  context_.TryCancel();
}

void WatchCall::OnStarted(bool ok) {
  if (ok) {
    reader_->Read(&response_, on_read_.tag());
  } else {
    reader_->Finish(&status_, on_finished_.tag());
  }
}

void WatchCall::OnRead(bool ok) {
  if (!ok) return reader_->Finish(&status_, on_finished_.tag());
  if (on_snapshot_ != nullptr) on_snapshot_(response_.snapshot());
  reader_->Read(&response_, on_read_.tag());
}

void WatchCall::OnFinished(bool) {
  const auto self = std::move(self_);
  const auto lease = std::move(lease_);
  if (on_ended_ == nullptr) return;
  const OnEnded on_ended = std::exchange(on_ended_, nullptr);
  on_ended(status_);
}

}  // namespace sluice
