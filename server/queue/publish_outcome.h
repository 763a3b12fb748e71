// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_PUBLISH_OUTCOME_H_
#define SLUICE_SERVER_QUEUE_PUBLISH_OUTCOME_H_

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "server/queue/durability.h"
#include "server/storage/record_block.h"

namespace sluice {

// The answer to a publish.
struct PublishOutcome {
  Sequence first_message_id = 0;
  uint32_t message_count = 0;
  Durability durability = Durability::kDisk;  // the level reached
};

// Called once, on the committer's thread or before the publish returns; must
// return quickly.
using PublishDone = std::function<void(absl::StatusOr<PublishOutcome>)>;

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_PUBLISH_OUTCOME_H_
