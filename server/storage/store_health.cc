// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/store_health.h"

#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace sluice {

StoreHealth::StoreHealth(std::shared_ptr<spdlog::logger> logger,
                         std::function<void()> changed)
    : logger_(std::move(logger)), changed_(std::move(changed)) {}

absl::Status StoreHealth::status() const {
  absl::MutexLock lock(&mu_);
  return status_;
}

absl::Status StoreHealth::Close(const rocksdb::Status& why) {
  std::function<void()> when_full;
  absl::Status status;
  bool was_open = false;
  {
    absl::MutexLock lock(&mu_);
    was_open = status_.ok();
    if (CloseLocked(why) && !stopped_) when_full = when_full_;
    if (when_full != nullptr) ++calls_under_way_;
    status = status_;
  }
  if (was_open && changed_ != nullptr) changed_();
  if (when_full != nullptr) {
    when_full();
    absl::MutexLock lock(&mu_);
    --calls_under_way_;
  }
  return status;
}

bool StoreHealth::CloseLocked(const rocksdb::Status& why) {
  const bool is_worse = full_ && !why.IsNoSpace();
  if (!status_.ok() && !is_worse) return false;
  full_ = why.IsNoSpace();
  status_ = MakeError(
      absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
      absl::StrCat(
          full_ ? "the disk is full and the store takes no writes until there "
                  "is room again: "
                : "the store takes no more writes until it is opened again: ",
          why.ToString()));
  if (logger_ != nullptr) {
    logger_->critical("{}", std::string(status_.message()));
  }
  return full_;
}

void StoreHealth::WhenFull(std::function<void()> full) {
  absl::MutexLock lock(&mu_);
  when_full_ = std::move(full);
}

bool StoreHealth::Pause(absl::Duration time) {
  absl::MutexLock lock(&mu_);
  return !mu_.AwaitWithTimeout(absl::Condition(&stopped_), time);
}

void StoreHealth::StopWaiting() {
  absl::MutexLock lock(&mu_);
  stopped_ = true;
  mu_.Await(absl::Condition(
      +[](int* calls) { return *calls == 0; }, &calls_under_way_));
}

bool StoreHealth::full() const {
  absl::MutexLock lock(&mu_);
  return full_;
}

void StoreHealth::Reopened() {
  {
    absl::MutexLock lock(&mu_);
    if (!full_) return;
    full_ = false;
    status_ = absl::OkStatus();
  }
  if (changed_ != nullptr) changed_();
}

StoreHealthListener::StoreHealthListener(std::shared_ptr<StoreHealth> health)
    : health_(std::move(health)) {}

void StoreHealthListener::OnBackgroundError(
    rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status* error) {
  health_->Close(*error).IgnoreError();
}

void StoreHealthListener::OnErrorRecoveryBegin(
    rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status /*error*/,
    bool* auto_recovery) {
  *auto_recovery = false;
}

}  // namespace sluice
