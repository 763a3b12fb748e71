// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_PEEK_H_
#define SLUICE_SERVER_QUEUE_PEEK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "server/queue/channel.h"
#include "server/queue/message_state.h"
#include "server/queue/topic_log.h"
#include "server/storage/message_store.h"

namespace sluice {

// Looking at messages without taking them.

struct PeekSpec {
  std::string topic;
  std::string channel;  // empty: the topic's kept log
  Sequence from = 0;    // inclusive
  uint32_t limit = 100;
  size_t max_bytes = 2 << 20;  // of bodies and attributes; one always fits
  absl::optional<MessageState> state;  // of a channel; nothing: all
};

struct PeekedMessage {
  RecordBlockPtr block;
  uint32_t index = 0;
  uint32_t attempts = 0;  // deliveries so far
  MessageState state = MessageState::kReady;
};

// `channel` may be null. Reads the disk: for the I/O pool. DATA_LOSS when the
// log is damaged there.
absl::StatusOr<std::vector<PeekedMessage>> PeekMessages(const PeekSpec& spec,
                                                        TopicLog& log,
                                                        const Channel* channel,
                                                        MessageStore& store);

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_PEEK_H_
