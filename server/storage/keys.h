// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_KEYS_H_
#define SLUICE_SERVER_STORAGE_KEYS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/storage/message_store.h"

namespace sluice {

// The keys of all column families, in one place. Numbers are big-endian, so
// that byte order is number order. docs/on_disk_format.md lists them.

// Log: topic ‖ first sequence of the block.
std::string LogKey(TopicId topic, Sequence first_sequence);
struct LogKeyParts {
  TopicId topic;
  Sequence first_sequence;
};
// DATA_LOSS when `key` is not a log key.
absl::StatusOr<LogKeyParts> ParseLogKey(absl::string_view key);

// Meta: what a topic is ('t' ‖ topic), what a channel is ('c' ‖ topic ‖
// channel), where a channel stands ('u' ‖ topic ‖ channel).
std::string TopicKey(TopicId topic);
std::string ChannelKey(TopicId topic, ChannelId channel);
std::string CursorKey(TopicId topic, ChannelId channel);
// Prefixes to read all of them.
std::string TopicKeyPrefix();
std::string ChannelKeyPrefix(TopicId topic);
std::string CursorKeyPrefix(TopicId topic);

// Meta: what a topic's blocks cannot say of its log ('m' ‖ topic).
std::string LogMarkKey(TopicId topic);

// Meta: a topic whose log is still to be forgotten ('x' ‖ topic).
std::string DeletedTopicKey(TopicId topic);
std::string DeletedTopicKeyPrefix();

// Meta: a request id that a publish carried ('d' ‖ topic ‖ first message).
std::string DedupKey(TopicId topic, Sequence first_message);
std::string DedupKeyPrefix(TopicId topic);
// Past all of the topic's.
std::string DedupKeyEnd(TopicId topic);
// The first message.
absl::StatusOr<Sequence> ParseDedupKey(absl::string_view key);

// Meta: the next topic id to give out.
std::string NextTopicIdKey();

// Parked: a channel's copy of a message (topic ‖ channel ‖ sequence), and what
// all of a channel's or a topic's begin with.
std::string ParkedKey(TopicId topic, ChannelId channel, Sequence sequence);
std::string ParkedKeyPrefix(TopicId topic, ChannelId channel);
std::string ParkedKeyPrefix(TopicId topic);
// Behind them, a list of deferred messages (topic ‖ channel ‖ ff × 8 ‖ shelf).
std::string ShelfKey(TopicId topic, ChannelId channel, uint64_t shelf);
// One past the last of all of these.
std::string ParkedKeyEnd(TopicId topic, ChannelId channel);
std::string ParkedKeyEnd(TopicId topic);

// The ids in a key made by the functions above; the first takes a TopicKey or a
// DeletedTopicKey.
absl::StatusOr<TopicId> ParseTopicKey(absl::string_view key);
struct ChannelKeyParts {
  TopicId topic;
  ChannelId channel;
};
// Of a ChannelKey or CursorKey.
absl::StatusOr<ChannelKeyParts> ParseChannelKey(absl::string_view key);

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_KEYS_H_
