// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/publish_conversion.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/error.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "rpc/time_conversion.h"
#include "server/rpc/config_conversion.h"
#include "server/rpc/refusals.h"

namespace sluice {
namespace {

std::string MessageField(int index, absl::string_view field) {
  return absl::StrCat("messages[", index, "].", field);
}

absl::Status MessageTooLarge(int index, size_t size, const Limits& limits) {
  return InvalidArgument(
      "MESSAGE_TOO_LARGE", MessageField(index, "body"),
      absl::StrCat("message ", index, " has ", size, " bytes; at most ",
                   limits.max_message_bytes, " are allowed"));
}

// Adds the attributes of message `index` to `totals`.
absl::Status CheckAttributes(const v1::Message& message, int index,
                             PublishTotals* totals) {
  const size_t count = message.attributes().size();
  if (count == 0) return absl::OkStatus();
  if (count > kMaxAttributes) {
    return InvalidArgument(
        "ATTRIBUTES_TOO_LARGE", MessageField(index, "attributes"),
        absl::StrCat("message ", index, " has ", count, " attributes; at most ",
                     kMaxAttributes, " are allowed"));
  }
  size_t bytes = 0;
  for (const auto& [key, value] : message.attributes()) {
    bytes += key.size() + value.size();
    totals->attribute_bytes +=
        RecordBlockBuilder::AttributeBytes(key.size(), value.size());
  }
  if (bytes > kMaxAttributeBytes) {
    return InvalidArgument(
        "ATTRIBUTES_TOO_LARGE", MessageField(index, "attributes"),
        absl::StrCat("the attributes of message ", index, " have ", bytes,
                     " bytes; at most ", kMaxAttributeBytes, " are allowed"));
  }
  totals->with_attributes = true;
  return absl::OkStatus();
}

// Whether the message is to be delayed.
absl::StatusOr<bool> CheckDelay(const v1::Message& message, int index,
                                const Limits& limits) {
  const std::string field = MessageField(index, "delay");
  SLUICE_ASSIGN_OR_RETURN(const absl::Duration delay,
                          FromWire(field, message.delay()));
  if (delay < absl::ZeroDuration() || delay > limits.max_requeue_delay) {
    return InvalidArgument(
        "INVALID_DURATION", field,
        absl::StrCat(field, " must be between 0 and ",
                     absl::FormatDuration(limits.max_requeue_delay)));
  }
  return delay > absl::ZeroDuration();
}

// When a message that was checked may be delivered, in Unix nanoseconds; 0
// without a delay.
int64_t DueTime(const v1::Message& message, absl::Time publish_time) {
  const absl::Duration delay = absl::Seconds(message.delay().seconds()) +
                               absl::Nanoseconds(message.delay().nanos());
  if (delay <= absl::ZeroDuration()) return 0;
  return absl::ToUnixNanos(publish_time + delay);
}

absl::Status CheckEnvelope(const v1::PublishRequest& request) {
  SLUICE_RETURN_IF_ERROR(ValidateName("topic", request.topic()));
  if (request.request_id().size() > kMaxRequestIdBytes) {
    return InvalidArgument(
        "INVALID_REQUEST_ID", "request_id",
        absl::StrCat("request_id has ", request.request_id().size(),
                     " bytes; at most ", kMaxRequestIdBytes, " are allowed"));
  }
  if (request.messages().empty()) {
    return InvalidArgument("EMPTY_BATCH", "messages",
                           "a publish needs at least one message");
  }
  const auto count = static_cast<size_t>(request.messages_size());
  if (count > kMaxBatchMessages) {
    return InvalidArgument(
        "BATCH_TOO_LARGE", "messages",
        absl::StrCat("the publish has ", count, " messages; at most ",
                     kMaxBatchMessages, " are allowed"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PublishTotals> CheckPublish(const v1::PublishRequest& request,
                                           const Limits& limits) {
  SLUICE_RETURN_IF_ERROR(CheckEnvelope(request));
  PublishTotals totals;
  SLUICE_ASSIGN_OR_RETURN(totals.durability,
                          FromWire("durability", request.durability()));
  for (int i = 0; i < request.messages_size(); ++i) {
    const v1::Message& message = request.messages(i);
    const size_t size = message.body().size();
    if (size > limits.max_message_bytes) {
      return MessageTooLarge(i, size, limits);
    }
    totals.body_bytes += size;
    SLUICE_RETURN_IF_ERROR(CheckAttributes(message, i, &totals));
    if (message.has_delay()) {
      SLUICE_ASSIGN_OR_RETURN(const bool delay, CheckDelay(message, i, limits));
      totals.with_delays |= delay;
    }
  }
  if (totals.body_bytes > limits.max_batch_bytes) {
    return InvalidArgument(
        "BATCH_TOO_LARGE", "messages",
        absl::StrCat("the bodies have ", totals.body_bytes,
                     " bytes together; at most ", limits.max_batch_bytes,
                     " are allowed"));
  }
  if (totals.attribute_bytes > kMaxBatchAttributeBytes) {
    return InvalidArgument(
        "ATTRIBUTES_TOO_LARGE", "messages",
        absl::StrCat("the attributes take ", totals.attribute_bytes,
                     " bytes together, 8 for each included; at most ",
                     kMaxBatchAttributeBytes,
                     " are allowed: send fewer messages at a time"));
  }
  return totals;
}

std::unique_ptr<RecordBlock> BuildRecordBlock(const v1::PublishRequest& request,
                                              const PublishTotals& totals,
                                              absl::Time publish_time) {
  RecordBlockBuilder builder(static_cast<uint32_t>(request.messages_size()),
                             totals.body_bytes, totals.with_attributes,
                             totals.attribute_bytes, totals.with_delays);
  if (!totals.with_attributes && !totals.with_delays) {
    for (const v1::Message& message : request.messages()) {
      builder.Add(message.body());
    }
    return std::move(builder).Build(publish_time);
  }
  std::vector<AttributeView> attributes;
  for (const v1::Message& message : request.messages()) {
    attributes.clear();
    for (const auto& [key, value] : message.attributes()) {
      attributes.push_back({key, value});
    }
    builder.Add(message.body(), attributes, DueTime(message, publish_time));
  }
  return std::move(builder).Build(publish_time);
}

void ToWire(const PublishOutcome& outcome, v1::PublishResponse* wire) {
  wire->set_first_message_id(outcome.first_message_id);
  wire->set_message_count(outcome.message_count);
  wire->set_durability(ToWire(outcome.durability));
}

}  // namespace sluice
