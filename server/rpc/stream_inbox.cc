// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/stream_inbox.h"

#include <utility>

namespace sluice {

StreamInbox::StreamInbox(std::shared_ptr<WakeSignal> wake)
    : wake_(std::move(wake)) {}

void StreamInbox::BeginTurn() {
  absl::MutexLock lock(&mu_);
  in_turn_ = true;
}

bool StreamInbox::EndTurn(News* news) {
  absl::MutexLock lock(&mu_);
  if (!has_news_) {
    in_turn_ = false;
    return false;
  }
  *news = std::exchange(news_, News());
  has_news_ = false;
  return true;
}

bool StreamInbox::Note() {
  has_news_ = true;
  return !in_turn_;
}

void StreamInbox::OnMessagesReady() {
  bool wake;
  {
    absl::MutexLock lock(&mu_);
    news_.messages_ready = true;
    wake = Note();
  }
  if (wake) wake_->Raise();
}

void StreamInbox::OnChannelClosed(const absl::Status& reason) {
  bool wake;
  {
    absl::MutexLock lock(&mu_);
    news_.channel_closed = reason;
    wake = Note();
  }
  if (wake) wake_->Raise();
}

void StreamInbox::OnDrain() {
  bool wake;
  {
    absl::MutexLock lock(&mu_);
    news_.drain = true;
    wake = Note();
  }
  if (wake) wake_->Raise();
}

void StreamInbox::OnStop() {
  bool wake;
  {
    absl::MutexLock lock(&mu_);
    news_.stop = true;
    wake = Note();
  }
  if (wake) wake_->Raise();
}

}  // namespace sluice
