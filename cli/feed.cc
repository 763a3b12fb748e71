// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/feed.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/cluster.h"
#include "cli/error_text.h"
#include "cli/flag_value.h"

namespace sluice {

void AddFeedFlags(Command verb, FeedFlags* flags) {
  AddTopicFlags(verb, &flags->selection);
  ConsumerOptions* consumer = &flags->consumer;
  verb.AddFlag("--channel", "CHANNEL",
               absl::StrCat("The channel; made if it does not exist [",
                            consumer->channel, "]"),
               Into(&consumer->channel));
  verb.AddFlag("--max-in-flight", "N",
               absl::StrCat("Messages held at once, for each topic [",
                            consumer->max_in_flight, "]"),
               Into(&consumer->max_in_flight, ParsePositiveUint32));
  verb.AddFlag("--msg-timeout", "D",
               "Messages not finished in this time come again [the node's]",
               Into(&consumer->message_timeout, ParsePositiveDuration));
  verb.AddFlag("--start", "earliest|latest",
               "Where a channel that is new begins",
               [consumer](const std::string& text) {
                 const auto start = ParseStartPosition(text);
                 if (!start.ok()) return start.status();
                 consumer->start = *start == v1::START_POSITION_EARLIEST
                                       ? ConsumerOptions::Start::kEarliest
                                       : ConsumerOptions::Start::kLatest;
                 return absl::OkStatus();
               });
}

absl::Status CheckFeedFlags(const FeedFlags& flags) {
  SLUICE_RETURN_IF_ERROR(CheckTopicFlags(flags.selection));
  return ValidateName("channel", flags.consumer.channel);
}

Feed::Feed(const FeedFlags& flags, const Settings& settings, Clock& clock,
           MakeConsumer make_consumer)
    : flags_(flags),
      settings_(settings),
      clock_(clock),
      make_consumer_(std::move(make_consumer)),
      next_refresh_(clock.SteadyNow()) {}

absl::Status Feed::Refresh() {
  if (clock_.SteadyNow() < next_refresh_) return absl::OkStatus();
  next_refresh_ = flags_.selection.pattern.has_value()
                      ? clock_.SteadyNow() + flags_.selection.refresh
                      : SteadyTime::InfiniteFuture();
  const auto topics = FindTopics(flags_.selection, settings_);
  if (!topics.ok()) {
    if (first_) return topics.status();
    PrintNote(absl::StrCat("cannot look for topics: ",
                           ErrorText(topics.status()), "; trying again"));
    return absl::OkStatus();
  }
  first_ = false;
  for (const std::string& topic : *topics) {
    if (consumers_.count(topic) > 0) continue;
    if (consumers_.size() == kMaxTopics) {
      if (!told_of_bound_) {
        PrintNote(absl::StrCat("more than ", kMaxTopics,
                               " topics match; the others are left out"));
      }
      told_of_bound_ = true;
      break;
    }
    ConsumerOptions options = flags_.consumer;
    options.topic = topic;
    options.on_error = [](const std::string& node, const absl::Status& status) {
      NoteNodeError(node, status);
    };
    SLUICE_ASSIGN_OR_RETURN(consumers_[topic],
                            make_consumer_(std::move(options)));
  }
  return absl::OkStatus();
}

absl::Status Feed::Stop(absl::Duration timeout) {
  const SteadyTime deadline = clock_.SteadyNow() + timeout;
  absl::Status first;
  for (auto& [topic, consumer] : consumers_) {
    const absl::Duration rest =
        std::max(absl::ZeroDuration(), deadline - clock_.SteadyNow());
    const absl::Status status = consumer->Stop(rest);
    if (first.ok()) first = status;
  }
  return first;
}

uint64_t Feed::late() const {
  uint64_t late = 0;
  for (const auto& [topic, consumer] : consumers_) {
    late += consumer->stats().late;
  }
  return late;
}

}  // namespace sluice
