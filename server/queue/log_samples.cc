// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/log_samples.h"

#include <algorithm>

#include "base/status_macros.h"

namespace sluice {

absl::StatusOr<LogSamples> SampleLog(MessageStore& store, TopicId topic,
                                     uint64_t most) {
  LogSamples result;
  SLUICE_ASSIGN_OR_RETURN(const LogExtent extent, store.Extent(topic));
  const uint64_t messages = extent.end - extent.first;
  const uint64_t steps = std::min(messages, most);
  absl::Status error;
  for (uint64_t i = 1; i <= steps; ++i) {
    // Each step ends where the next begins; the last is the newest message.
    const Sequence at = extent.first + messages * i / steps - 1;
    const auto blocks = store.ReadBlocks(topic, at, extent.end, 1);
    if (!blocks.ok()) error = blocks.status();
    if (!blocks.ok() || blocks->empty()) continue;
    const RecordBlock& block = *blocks->front();
    const bool is_known =
        !result.samples.empty() &&
        result.samples.back().sequence >= block.first_sequence();
    if (is_known) continue;
    result.newest = std::max(result.newest, block.publish_time_unix_nano());
    result.samples.push_back(
        {block.first_sequence(), block.log_offset(), result.newest});
  }
  if (result.samples.empty() && !error.ok()) return error;
  return result;
}

}  // namespace sluice
