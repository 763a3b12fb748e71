// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_LOG_SAMPLES_H_
#define SLUICE_SERVER_QUEUE_LOG_SAMPLES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "server/storage/message_store.h"

namespace sluice {

// Where a block starts, and when it was published at the latest: what tells how
// far a log may be forgotten by age.
struct LogSample {
  Sequence sequence;
  uint64_t offset;
  // No message before `sequence` was published later.
  int64_t published_until;  // nanoseconds since 1970
};

struct LogSamples {
  std::vector<LogSample> samples;  // oldest first
  int64_t newest = 0;              // publish time of the newest message
};

// Looks at no more than `most` blocks of the log that the store holds, evenly
// by number of messages, the newest among them. Blocks on disk. An error when
// none can be read.
absl::StatusOr<LogSamples> SampleLog(MessageStore& store, TopicId topic,
                                     uint64_t most);

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_LOG_SAMPLES_H_
