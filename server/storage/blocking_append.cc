// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/blocking_append.h"

#include <utility>

#include "absl/synchronization/notification.h"

namespace sluice {

absl::Status AppendBlocking(MessageStore& store, StoreBatch batch) {
  absl::Status status;
  absl::Notification written;
  store.Append(std::move(batch), [&](absl::Status result) {
    status = std::move(result);
    written.Notify();
  });
  written.WaitForNotification();
  return status;
}

}  // namespace sluice
