// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_PUBLISH_CONVERSION_H_
#define SLUICE_SERVER_RPC_PUBLISH_CONVERSION_H_

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/limits.h"
#include "server/queue/broker.h"
#include "server/queue/durability.h"
#include "server/storage/record_block.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {

// What a valid publish holds, summed up while it was checked, so that building
// its block is one allocation and one pass.
struct PublishTotals {
  Durability durability = Durability::kUnspecified;  // the wish
  size_t body_bytes = 0;
  size_t attribute_bytes = 0;  // as they are laid out in a block
  bool with_attributes = false;
  bool with_delays = false;
};

// Checks everything about a publish that can be told from the request alone.
// The field of an error is a path within the PublishRequest.
absl::StatusOr<PublishTotals> CheckPublish(const v1::PublishRequest& request,
                                           const Limits& limits);

// Lays out the messages of `request`, which was checked and gave `totals`.
std::unique_ptr<RecordBlock> BuildRecordBlock(const v1::PublishRequest& request,
                                              const PublishTotals& totals,
                                              absl::Time publish_time);

void ToWire(const PublishOutcome& outcome, v1::PublishResponse* wire);

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_PUBLISH_CONVERSION_H_
