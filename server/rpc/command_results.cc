// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/command_results.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace sluice {

void CommandResults::Add(v1::CommandKind kind, absl::Span<const DeliveryId> ids,
                         absl::Span<const DeliveryId> not_in_flight,
                         bool confirm) {
  if (!confirm) {
    for (const DeliveryId id : not_in_flight) {
      results_.push_back({id, kind, v1::COMMAND_OUTCOME_NOT_IN_FLIGHT});
    }
    return;
  }
  const size_t begin = results_.size();
  for (const DeliveryId id : ids) {
    results_.push_back({id, kind, v1::COMMAND_OUTCOME_OK});
  }
  if (not_in_flight.empty()) return;
  // An id named twice in one command fails the second time: mark the last ones.
  absl::flat_hash_map<DeliveryId, int> failures;
  for (const DeliveryId id : not_in_flight) ++failures[id];
  for (size_t i = results_.size(); i > begin; --i) {
    Result& result = results_[i - 1];
    const auto found = failures.find(result.id);
    if (found == failures.end() || found->second == 0) continue;
    --found->second;
    result.outcome = v1::COMMAND_OUTCOME_NOT_IN_FLIGHT;
  }
}

void CommandResults::FillFrame(v1::CommandResults* frame) {
  const size_t end = std::min(results_.size(), next_ + kMaxPerFrame);
  for (; next_ < end; ++next_) {
    v1::CommandResult* const wire = frame->add_results();
    wire->set_delivery_id(results_[next_].id);
    wire->set_kind(results_[next_].kind);
    wire->set_outcome(results_[next_].outcome);
  }
  if (!empty()) return;
  results_.clear();
  next_ = 0;
  // One huge command must not cost its memory for the rest of the stream.
  if (results_.capacity() > 2 * kMaxPerFrame) results_.shrink_to_fit();
}

}  // namespace sluice
