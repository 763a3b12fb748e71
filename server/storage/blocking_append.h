// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_BLOCKING_APPEND_H_
#define SLUICE_SERVER_STORAGE_BLOCKING_APPEND_H_

#include "absl/status/status.h"
#include "server/storage/message_store.h"

namespace sluice {

// MessageStore::Append for a thread that has nothing to do until the answer:
// blocks for it, and returns it. As durable as `batch` says when it is OK.
absl::Status AppendBlocking(MessageStore& store, StoreBatch batch);

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_BLOCKING_APPEND_H_
