// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/recovery.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "server/storage/blocking_append.h"
#include "server/storage/keys.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

constexpr size_t kScanBytes = 4 << 20;

// More messages than a damaged end of a log can have had: each took four bytes
// and more, so this is terabytes of it.
constexpr Sequence kMostDamagedMessages = Sequence{1} << 40;

// Calls `visit(key, value)` for the meta records under `prefix`.
absl::Status ReadMeta(MessageStore& store, absl::string_view prefix,
                      const MessageStore::StateVisitor& visit) {
  return store.ReadState(StateFamily::kMeta, prefix, visit);
}

// The one meta record with this key, if it is there.
absl::StatusOr<absl::optional<std::string>> ReadOne(MessageStore& store,
                                                    const std::string& key) {
  absl::optional<std::string> found;
  SLUICE_RETURN_IF_ERROR(ReadMeta(
      store, key, [&](absl::string_view candidate, absl::string_view value) {
        if (candidate == key) found = std::string(value);
        return absl::OkStatus();
      }));
  return found;
}

// Adds what lies between the blocks of [first, end) to `gaps`. Damage is none:
// it is found, and counted, by who comes to read it.
absl::Status FindHoles(MessageStore& store, TopicId topic, Sequence first,
                       Sequence end, SequenceRanges* gaps) {
  Sequence expected = first;
  while (expected < end) {
    const auto blocks = store.ReadBlocks(topic, expected, end, kScanBytes);
    if (absl::IsDataLoss(blocks.status())) {
      SLUICE_ASSIGN_OR_RETURN(expected, store.SkipDamage(topic, expected, end));
      continue;
    }
    SLUICE_RETURN_IF_ERROR(blocks.status());
    if (blocks->empty()) break;
    for (const RecordBlockPtr& block : *blocks) {
      gaps->Add(expected, block->first_sequence());
      expected = std::max(expected, block->end_sequence());
    }
  }
  gaps->Add(expected, end);
  return absl::OkStatus();
}

absl::Status RecoverLog(MessageStore& store, RecoveredTopic* topic) {
  SLUICE_ASSIGN_OR_RETURN(const LogExtent extent, store.Extent(topic->id));
  SLUICE_ASSIGN_OR_RETURN(const absl::optional<std::string> bytes,
                          ReadOne(store, LogMarkKey(topic->id)));
  LogMark mark;
  if (bytes.has_value()) {
    SLUICE_ASSIGN_OR_RETURN(mark, LogMark::Decode(*bytes));
  }
  TopicLog::Start& log = topic->log;
  const bool has_blocks = extent.end > extent.first;
  Sequence log_end = has_blocks ? std::max(extent.end, mark.first) : mark.first;
  Sequence used_ids = mark.reserved_until;
  if (!extent.end_is_known) {
    if (mark.clean) log_end = std::max(log_end, mark.reserved_until);
    used_ids = std::max(used_ids, extent.end + kMostDamagedMessages);
  }
  // A log that kept messages in memory may start with lost ones, below the
  // first block: they are holes, not forgotten.
  log.first = has_blocks && !mark.held_memory
                  ? std::max(extent.first, mark.first)
                  : mark.first;
  log.end = std::max(log_end, used_ids);
  log.first_offset =
      std::max(has_blocks ? extent.first_offset : 0, mark.first_offset);
  log.end_offset = std::max(
      {has_blocks ? extent.end_offset : 0, mark.end_offset, log.first_offset});
  log.gaps = topic->record.gaps;
  if (mark.held_memory && !mark.clean) {
    spdlog::info(
        "topic {}: looking for messages that the crash took from memory",
        topic->record.name);
    SLUICE_RETURN_IF_ERROR(
        FindHoles(store, topic->id, log.first, log.end, &log.gaps));
  }
  log.gaps.Add(log_end, log.end);
  log.gaps.DropBelow(log.first);
  return absl::OkStatus();
}

absl::Status RecoverChannels(MessageStore& store, RecoveredTopic* topic) {
  std::map<ChannelId, Channel::Spec> channels;
  SLUICE_RETURN_IF_ERROR(ReadMeta(
      store, ChannelKeyPrefix(topic->id),
      [&](absl::string_view key, absl::string_view value) -> absl::Status {
        SLUICE_ASSIGN_OR_RETURN(const ChannelKeyParts parts,
                                ParseChannelKey(key));
        SLUICE_ASSIGN_OR_RETURN(ChannelRecord record,
                                ChannelRecord::Decode(value));
        Channel::Spec& spec = channels[parts.channel];
        spec.topic = topic->record.name;
        spec.name = std::move(record.name);
        spec.id = parts.channel;
        spec.config = std::move(record.config);
        spec.create_time = record.create_time;
        spec.paused = record.paused;
        spec.cursor.cursor = topic->log.first;
        return absl::OkStatus();
      }));
  SLUICE_RETURN_IF_ERROR(ReadMeta(
      store, CursorKeyPrefix(topic->id),
      [&](absl::string_view key, absl::string_view value) -> absl::Status {
        SLUICE_ASSIGN_OR_RETURN(const ChannelKeyParts parts,
                                ParseChannelKey(key));
        const auto channel = channels.find(parts.channel);
        if (channel == channels.end()) return absl::OkStatus();
        SLUICE_ASSIGN_OR_RETURN(channel->second.cursor,
                                CursorState::Decode(value));
        return absl::OkStatus();
      }));
  for (auto& [id, spec] : channels) topic->channels.push_back(std::move(spec));
  return absl::OkStatus();
}

// Nobody asks for request ids any more: those of an earlier run go.
absl::Status ForgetRequestIds(MessageStore& store, TopicId topic) {
  bool has_any = false;
  SLUICE_RETURN_IF_ERROR(ReadMeta(store, DedupKeyPrefix(topic),
                                  [&](absl::string_view, absl::string_view) {
                                    has_any = true;
                                    return absl::OkStatus();
                                  }));
  if (!has_any) return absl::OkStatus();
  StoreBatch batch;
  batch.state.push_back({StateFamily::kMeta, DedupKeyPrefix(topic),
                         absl::nullopt, DedupKeyEnd(topic)});
  return AppendBlocking(store, std::move(batch));
}

absl::Status RecoverRequestIds(MessageStore& store, const DedupLimits& limits,
                               RecoveredTopic* topic) {
  if (!limits.enabled()) return ForgetRequestIds(store, topic->id);
  return ReadMeta(
      store, DedupKeyPrefix(topic->id),
      [&](absl::string_view key, absl::string_view value) -> absl::Status {
        SLUICE_ASSIGN_OR_RETURN(const Sequence first_message,
                                ParseDedupKey(key));
        // Nobody can get what it speaks of: who tries again is to store it.
        if (topic->log.gaps.Contains(first_message)) return absl::OkStatus();
        SLUICE_ASSIGN_OR_RETURN(const DedupRecord record,
                                DedupRecord::Decode(value));
        if (topic->dedup == nullptr) {
          topic->dedup = std::make_unique<DedupWindow>(limits);
        }
        topic->dedup->Restore(first_message, record);
        return absl::OkStatus();
      });
}

// Forgets the logs of topics whose deletion was written but not carried out.
absl::Status FinishDeletions(MessageStore& store) {
  StoreBatch batch;
  SLUICE_RETURN_IF_ERROR(ReadMeta(
      store, DeletedTopicKeyPrefix(),
      [&](absl::string_view key, absl::string_view) -> absl::Status {
        SLUICE_ASSIGN_OR_RETURN(const TopicId topic, ParseTopicKey(key));
        SLUICE_RETURN_IF_ERROR(store.Forget(topic, UINT64_MAX));
        batch.state.push_back(
            {StateFamily::kMeta, std::string(key), absl::nullopt});
        return absl::OkStatus();
      }));
  if (batch.state.empty()) return absl::OkStatus();
  return AppendBlocking(store, std::move(batch));
}

}  // namespace

absl::StatusOr<Recovered> Recover(MessageStore& store,
                                  const DedupLimits& dedup) {
  Recovered recovered;
  SLUICE_RETURN_IF_ERROR(FinishDeletions(store));
  SLUICE_RETURN_IF_ERROR(ReadMeta(
      store, TopicKeyPrefix(),
      [&](absl::string_view key, absl::string_view value) -> absl::Status {
        RecoveredTopic topic;
        SLUICE_ASSIGN_OR_RETURN(topic.id, ParseTopicKey(key));
        SLUICE_ASSIGN_OR_RETURN(topic.record, TopicRecord::Decode(value));
        recovered.topics.push_back(std::move(topic));
        return absl::OkStatus();
      }));
  for (RecoveredTopic& topic : recovered.topics) {
    SLUICE_RETURN_IF_ERROR(RecoverLog(store, &topic));
    SLUICE_RETURN_IF_ERROR(RecoverChannels(store, &topic));
    SLUICE_RETURN_IF_ERROR(RecoverRequestIds(store, dedup, &topic));
    recovered.next_topic_id = std::max(recovered.next_topic_id, topic.id + 1);
  }
  SLUICE_ASSIGN_OR_RETURN(const absl::optional<std::string> next,
                          ReadOne(store, NextTopicIdKey()));
  uint32_t next_id = 0;
  if (next.has_value()) {
    if (!absl::SimpleAtoi(*next, &next_id)) {
      return MakeError(absl::StatusCode::kDataLoss, "CORRUPTION",
                       "the record of the next topic id is damaged");
    }
    recovered.next_topic_id = std::max(recovered.next_topic_id, next_id);
  }
  return recovered;
}

}  // namespace sluice
