// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_PARKED_RECORD_H_
#define SLUICE_SERVER_QUEUE_PARKED_RECORD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/storage/message_store.h"

namespace sluice {

// The copy that a channel keeps of a message for which the log is not to be
// kept: a version and a record block of this one message, with its place in the
// log. What the channel knows of it (attempts, due time) is in its cursor
// record.

// A block of the one message `index` of `block`.
RecordBlockPtr CopyForParking(const RecordBlock& block, uint32_t index);

std::string EncodeParked(const RecordBlock& block);
// DATA_LOSS (CORRUPTION) for bytes that EncodeParked did not make.
absl::StatusOr<RecordBlockPtr> DecodeParked(absl::string_view bytes);

// The copy in the store; null when there is none. Blocks on disk.
absl::StatusOr<RecordBlockPtr> ReadParked(MessageStore& store, TopicId topic,
                                          ChannelId channel, Sequence sequence);

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_PARKED_RECORD_H_
