// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/keys.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "server/storage/coding.h"

namespace sluice {
namespace {

constexpr char kTopicTag = 't';
constexpr char kChannelTag = 'c';
constexpr char kCursorTag = 'u';
constexpr char kLogMarkTag = 'm';
constexpr char kDeletedTopicTag = 'x';
constexpr char kNextTopicIdTag = 'n';
constexpr char kDedupTag = 'd';

constexpr size_t kLogKeySize = sizeof(TopicId) + sizeof(Sequence);
constexpr size_t kTopicKeySize = 1 + sizeof(TopicId);
constexpr size_t kChannelKeySize = kTopicKeySize + sizeof(ChannelId);
constexpr size_t kDedupKeySize = kTopicKeySize + sizeof(Sequence);

std::string TaggedKey(char tag, TopicId topic) {
  std::string key(1, tag);
  AppendBig32(topic, key);
  return key;
}

std::string TaggedKey(char tag, TopicId topic, ChannelId channel) {
  std::string key = TaggedKey(tag, topic);
  AppendBig32(channel, key);
  return key;
}

absl::Status NotAKey(absl::string_view kind, absl::string_view key) {
  return MakeError(
      absl::StatusCode::kDataLoss, "CORRUPTION",
      absl::StrCat("not a ", kind, " key: 0x", absl::BytesToHexString(key)));
}

}  // namespace

std::string LogKey(TopicId topic, Sequence first_sequence) {
  std::string key;
  AppendBig32(topic, key);
  AppendBig64(first_sequence, key);
  return key;
}

absl::StatusOr<LogKeyParts> ParseLogKey(absl::string_view key) {
  if (key.size() != kLogKeySize) return NotAKey("log", key);
  return LogKeyParts{LoadBig32(key.data()),
                     LoadBig64(key.data() + sizeof(TopicId))};
}

std::string TopicKey(TopicId topic) { return TaggedKey(kTopicTag, topic); }

std::string ChannelKey(TopicId topic, ChannelId channel) {
  return TaggedKey(kChannelTag, topic, channel);
}

std::string CursorKey(TopicId topic, ChannelId channel) {
  return TaggedKey(kCursorTag, topic, channel);
}

std::string LogMarkKey(TopicId topic) { return TaggedKey(kLogMarkTag, topic); }

std::string DeletedTopicKey(TopicId topic) {
  return TaggedKey(kDeletedTopicTag, topic);
}

std::string DeletedTopicKeyPrefix() { return std::string(1, kDeletedTopicTag); }

std::string TopicKeyPrefix() { return std::string(1, kTopicTag); }

std::string ChannelKeyPrefix(TopicId topic) {
  return TaggedKey(kChannelTag, topic);
}

std::string CursorKeyPrefix(TopicId topic) {
  return TaggedKey(kCursorTag, topic);
}

std::string DedupKey(TopicId topic, Sequence first_message) {
  std::string key = TaggedKey(kDedupTag, topic);
  AppendBig64(first_message, key);
  return key;
}

std::string DedupKeyPrefix(TopicId topic) {
  return TaggedKey(kDedupTag, topic);
}

std::string DedupKeyEnd(TopicId topic) {
  return DedupKey(topic, UINT64_MAX) + '\0';
}

absl::StatusOr<Sequence> ParseDedupKey(absl::string_view key) {
  if (key.size() != kDedupKeySize || key[0] != kDedupTag) {
    return NotAKey("request id", key);
  }
  return LoadBig64(key.data() + kTopicKeySize);
}

std::string NextTopicIdKey() { return std::string(1, kNextTopicIdTag); }

std::string ParkedKeyPrefix(TopicId topic) {
  std::string key;
  AppendBig32(topic, key);
  return key;
}

std::string ParkedKeyPrefix(TopicId topic, ChannelId channel) {
  std::string key = ParkedKeyPrefix(topic);
  AppendBig32(channel, key);
  return key;
}

std::string ParkedKeyEnd(TopicId topic, ChannelId channel) {
  return ParkedKeyPrefix(topic, channel + 1);
}

std::string ParkedKeyEnd(TopicId topic) { return ParkedKeyPrefix(topic + 1); }

std::string ParkedKey(TopicId topic, ChannelId channel, Sequence sequence) {
  std::string key = ParkedKeyPrefix(topic, channel);
  AppendBig64(sequence, key);
  return key;
}

std::string ShelfKey(TopicId topic, ChannelId channel, uint64_t shelf) {
  std::string key = ParkedKey(topic, channel, UINT64_MAX);
  AppendBig64(shelf, key);
  return key;
}

absl::StatusOr<TopicId> ParseTopicKey(absl::string_view key) {
  if (key.size() != kTopicKeySize ||
      (key[0] != kTopicTag && key[0] != kDeletedTopicTag)) {
    return NotAKey("topic", key);
  }
  return LoadBig32(key.data() + 1);
}

absl::StatusOr<ChannelKeyParts> ParseChannelKey(absl::string_view key) {
  if (key.size() != kChannelKeySize ||
      (key[0] != kChannelTag && key[0] != kCursorTag)) {
    return NotAKey("channel", key);
  }
  return ChannelKeyParts{LoadBig32(key.data() + 1),
                         LoadBig32(key.data() + kTopicKeySize)};
}

}  // namespace sluice
