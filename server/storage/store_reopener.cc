// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/store_reopener.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/time.h"

namespace sluice {
namespace {

constexpr absl::Duration kLookEvery = absl::Milliseconds(250);
constexpr absl::Duration kFirstBackOff = absl::Milliseconds(500);
constexpr absl::Duration kLongestBackOff = absl::Seconds(4);

}  // namespace

StoreReopener::StoreReopener(StoreHealth* health, HasRoom has_room,
                             Reopen reopen,
                             std::shared_ptr<spdlog::logger> logger)
    : health_(health),
      has_room_(std::move(has_room)),
      reopen_(std::move(reopen)),
      logger_(std::move(logger)) {
  health_->WhenFull([this] { Start(); });
}

StoreReopener::~StoreReopener() {
  health_->StopWaiting();  // no Start any more
  absl::MutexLock lock(&mu_);
  if (thread_.joinable()) thread_.join();
}

void StoreReopener::Start() {
  absl::MutexLock lock(&mu_);
  // It has opened the store, or the store could not have become full again.
  if (thread_.joinable()) thread_.join();
  thread_ = std::thread([this] { BringBack(); });
}

void StoreReopener::BringBack() {
  absl::Duration back_off = kFirstBackOff;
  while (health_->full()) {
    // The first look comes a moment late, too: who failed gets away first.
    if (!health_->Pause(kLookEvery)) return;
    if (!has_room_()) continue;
    const absl::Status status = reopen_();
    if (status.ok()) {
      health_->Reopened();
      if (logger_ != nullptr) {
        logger_->info("the disk has room again and the log is open again");
      }
      return;
    }
    if (logger_ != nullptr) {
      logger_->error("opening the log again: {}",
                     std::string(status.message()));
    }
    if (!absl::IsResourceExhausted(status) && !absl::IsUnavailable(status)) {
      return;
    }
    if (!health_->Pause(back_off)) return;
    back_off = std::min(2 * back_off, kLongestBackOff);
  }
}

}  // namespace sluice
