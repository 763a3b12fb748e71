// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/store_health.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace sluice {

StoreHealth::StoreHealth(std::shared_ptr<spdlog::logger> logger)
    : logger_(std::move(logger)) {}

absl::Status StoreHealth::status() const {
  absl::MutexLock lock(&mu_);
  return status_;
}

absl::Status StoreHealth::Close(const rocksdb::Status& why) {
  absl::MutexLock lock(&mu_);
  if (status_.ok()) {
    status_ = MakeError(
        absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
        absl::StrCat(
            "the store takes no more writes until it is opened again: ",
            why.ToString()));
    if (logger_ != nullptr) {
      logger_->critical("{}", std::string(status_.message()));
    }
  }
  return status_;
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
