// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_DEAD_LETTER_H_
#define SLUICE_SERVER_QUEUE_DEAD_LETTER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/storage/record_block.h"

namespace sluice {

class Channel;
class Topic;

// A message that was delivered as often as its channel allows.
struct DeadLetter {
  RecordBlockPtr block;
  uint32_t index = 0;
  uint32_t attempts = 0;
};

// The attributes that say where a dead letter comes from.
extern const char kDeadLetterTopic[];
extern const char kDeadLetterChannel[];
extern const char kDeadLetterMessageId[];
extern const char kDeadLetterAttempts[];

// Lays out `letters` (at least one) of `topic` and `channel` for their
// dead-letter topic: each with its body, its attributes and those above. Where
// it was a dead letter before, the newer origin replaces the older.
std::unique_ptr<RecordBlock> BuildDeadLetters(
    absl::string_view topic, absl::string_view channel,
    absl::Span<const DeadLetter> letters, absl::Time now);

// Takes dead letters to their topic: the node, as topics see it. Thread-safe;
// does not block.
class DeadLetterSink {
 public:
  virtual ~DeadLetterSink() = default;
  // Publishes `block` to `target`, made when it is missing, together with the
  // cursor of `channel`, in one write; channel->OnLettersStored() hears how it
  // went.
  virtual void Send(std::shared_ptr<Topic> topic,
                    std::shared_ptr<Channel> channel, const std::string& target,
                    std::unique_ptr<RecordBlock> block) = 0;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_DEAD_LETTER_H_
