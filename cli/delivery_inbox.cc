// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/delivery_inbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace sluice {

DeliveryInbox::DeliveryInbox() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

DeliveryInbox::~DeliveryInbox() { close(fd_); }

void DeliveryInbox::Put(Delivery delivery) {
  bool was_empty = false;
  {
    const absl::MutexLock lock(&mu_);
    was_empty = deliveries_.empty();
    deliveries_.push_back(std::move(delivery));
  }
  if (!was_empty) return;
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof one);
}

std::vector<Delivery> DeliveryInbox::TakeAll() {
  // First, so that what comes in between is announced again.
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(fd_, &count, sizeof count);
  std::vector<Delivery> taken;
  const absl::MutexLock lock(&mu_);
  taken.swap(deliveries_);
  return taken;
}

}  // namespace sluice
