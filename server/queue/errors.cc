// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace sluice {

absl::Status TopicNotFound(absl::string_view topic) {
  return WithResource(
      MakeError(absl::StatusCode::kNotFound, "TOPIC_NOT_FOUND",
                absl::StrCat("there is no topic \"", topic, "\"")),
      "topic", topic);
}

absl::Status ChannelNotFound(absl::string_view topic,
                             absl::string_view channel) {
  return WithResource(
      MakeError(absl::StatusCode::kNotFound, "CHANNEL_NOT_FOUND",
                absl::StrCat("topic \"", topic, "\" has no channel \"", channel,
                             "\"")),
      "channel", absl::StrCat(topic, "/", channel));
}

absl::Status TopicExists(absl::string_view topic) {
  return WithResource(
      MakeError(
          absl::StatusCode::kAlreadyExists, "TOPIC_EXISTS",
          absl::StrCat("topic \"", topic, "\" exists with another config")),
      "topic", topic);
}

absl::Status ChannelExists(absl::string_view topic, absl::string_view channel) {
  return WithResource(
      MakeError(absl::StatusCode::kAlreadyExists, "CHANNEL_EXISTS",
                absl::StrCat("channel \"", channel, "\" of topic \"", topic,
                             "\" exists with another config")),
      "channel", absl::StrCat(topic, "/", channel));
}

absl::Status TooManySubscribers(absl::string_view channel, uint32_t limit) {
  return MakeError(
      absl::StatusCode::kResourceExhausted, "TOO_MANY_SUBSCRIBERS",
      absl::StrCat("channel \"", channel, "\" has ", limit,
                   " subscribers, as many as --max-channel-consumers allows"));
}

absl::Status StoreUnavailable(absl::string_view why) {
  return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                   absl::StrCat("the node takes no messages: ", why));
}

}  // namespace sluice
