// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/dead_letter.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace sluice {
namespace {

constexpr char kPrefix[] = "sluice-dead-letter-";

}  // namespace

const char kDeadLetterTopic[] = "sluice-dead-letter-topic";
const char kDeadLetterChannel[] = "sluice-dead-letter-channel";
const char kDeadLetterMessageId[] = "sluice-dead-letter-message-id";
const char kDeadLetterAttempts[] = "sluice-dead-letter-attempts";

std::unique_ptr<RecordBlock> BuildDeadLetters(
    absl::string_view topic, absl::string_view channel,
    absl::Span<const DeadLetter> letters, absl::Time now) {
  size_t body_bytes = 0;
  for (const DeadLetter& letter : letters) {
    body_bytes += letter.block->body(letter.index).size();
  }
  RecordBlockBuilder builder(static_cast<uint32_t>(letters.size()), body_bytes,
                             /*with_attributes=*/true);
  for (const DeadLetter& letter : letters) {
    const std::string id =
        absl::StrCat(letter.block->first_sequence() + letter.index);
    const std::string attempts = absl::StrCat(letter.attempts);
    std::vector<AttributeView> attributes;
    for (const AttributeView& kept : letter.block->attributes(letter.index)) {
      if (!absl::StartsWith(kept.key, kPrefix)) attributes.push_back(kept);
    }
    attributes.push_back({kDeadLetterTopic, topic});
    attributes.push_back({kDeadLetterChannel, channel});
    attributes.push_back({kDeadLetterMessageId, id});
    attributes.push_back({kDeadLetterAttempts, attempts});
    builder.Add(letter.block->body(letter.index), attributes);
  }
  return std::move(builder).Build(now);
}

}  // namespace sluice
