// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/peek.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "server/queue/block_finder.h"
#include "server/queue/shelf_record.h"

namespace sluice {
namespace {

std::vector<Channel::PeekEntry> KeptLog(const TopicLog& log, Sequence from,
                                        uint32_t limit) {
  std::vector<Channel::PeekEntry> entries;
  Sequence at = std::max(from, log.first());
  while (entries.size() < limit) {
    at = log.SkipGap(at);
    if (at >= log.end()) break;
    entries.push_back({at++, 0, MessageState::kReady});
  }
  return entries;
}

// What the channel has on shelves, in its place among `entries`.
absl::Status AddShelved(const PeekSpec& spec, const Channel& channel,
                        MessageStore& store,
                        std::vector<Channel::PeekEntry>* entries) {
  if (spec.state.value_or(MessageState::kDeferred) != MessageState::kDeferred) {
    return absl::OkStatus();
  }
  const std::vector<std::string> keys = channel.ShelfKeys();
  if (keys.empty()) return absl::OkStatus();
  for (const std::string& key : keys) {
    const auto shelf = ReadShelf(store, key);
    // On its way to the disk, or taken down just now.
    if (absl::IsNotFound(shelf.status())) continue;
    SLUICE_RETURN_IF_ERROR(shelf.status());
    for (const CursorState::Unfinished& message : shelf->unfinished) {
      if (message.sequence < spec.from) continue;
      entries->push_back(
          {message.sequence, message.attempts, MessageState::kDeferred});
    }
  }
  const auto by_sequence = [](const Channel::PeekEntry& a,
                              const Channel::PeekEntry& b) {
    return a.sequence < b.sequence;
  };
  std::stable_sort(entries->begin(), entries->end(), by_sequence);
  const auto is_same = [](const Channel::PeekEntry& a,
                          const Channel::PeekEntry& b) {
    return a.sequence == b.sequence;
  };
  entries->erase(std::unique(entries->begin(), entries->end(), is_same),
                 entries->end());
  if (entries->size() > spec.limit) entries->resize(spec.limit);
  return absl::OkStatus();
}

size_t SizeOf(const RecordBlock& block, uint32_t index) {
  size_t bytes = block.body(index).size();
  for (const AttributeView& attribute : block.attributes(index)) {
    bytes += attribute.key.size() + attribute.value.size();
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::vector<PeekedMessage>> PeekMessages(const PeekSpec& spec,
                                                        TopicLog& log,
                                                        const Channel* channel,
                                                        MessageStore& store) {
  std::vector<PeekedMessage> messages;
  std::vector<Channel::PeekEntry> entries =
      channel == nullptr ? KeptLog(log, spec.from, spec.limit)
                         : channel->Peek(spec.from, spec.limit, spec.state);
  if (channel != nullptr) {
    SLUICE_RETURN_IF_ERROR(AddShelved(spec, *channel, store, &entries));
  }
  BlockFinder finder(log, store, channel == nullptr ? 0 : channel->id());
  size_t bytes = 0;
  for (const Channel::PeekEntry& entry : entries) {
    SLUICE_ASSIGN_OR_RETURN(const RecordBlockPtr block,
                            finder.Find(entry.sequence));
    if (block == nullptr) continue;  // finished meanwhile
    const auto index =
        static_cast<uint32_t>(entry.sequence - block->first_sequence());
    bytes += SizeOf(*block, index);
    if (bytes > spec.max_bytes && !messages.empty()) break;
    messages.push_back({block, index, entry.attempts, entry.state});
  }
  return messages;
}

}  // namespace sluice
