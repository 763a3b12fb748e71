// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/config_conversion.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "base/error.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "server/rpc/refusals.h"
#include "server/rpc/time_conversion.h"

namespace sluice {
namespace {

absl::Status UnknownEnumValue(absl::string_view field, int value) {
  return InvalidArgument("INVALID_ENUM", field,
                         absl::StrCat(field, " has the unknown value ", value));
}

}  // namespace

absl::StatusOr<Durability> FromWire(absl::string_view field,
                                    v1::Durability wire) {
  switch (wire) {
    case v1::DURABILITY_UNSPECIFIED:
      return Durability::kUnspecified;
    case v1::DURABILITY_MEMORY:
      return Durability::kMemory;
    case v1::DURABILITY_OS:
      return Durability::kOs;
    case v1::DURABILITY_DISK:
      return Durability::kDisk;
    default:
      return UnknownEnumValue(field, wire);
  }
}

v1::Durability ToWire(Durability durability) {
  switch (durability) {
    case Durability::kUnspecified:
      break;
    case Durability::kMemory:
      return v1::DURABILITY_MEMORY;
    case Durability::kOs:
      return v1::DURABILITY_OS;
    case Durability::kDisk:
      return v1::DURABILITY_DISK;
  }
  return v1::DURABILITY_UNSPECIFIED;
}

absl::StatusOr<StartPosition> FromWire(absl::string_view field,
                                       v1::StartPosition wire) {
  switch (wire) {
    case v1::START_POSITION_UNSPECIFIED:
      return StartPosition::kUnspecified;
    case v1::START_POSITION_EARLIEST:
      return StartPosition::kEarliest;
    case v1::START_POSITION_LATEST:
      return StartPosition::kLatest;
    default:
      return UnknownEnumValue(field, wire);
  }
}

absl::StatusOr<absl::optional<MessageState>> FromWire(absl::string_view field,
                                                      v1::MessageState wire) {
  switch (wire) {
    case v1::MESSAGE_STATE_UNSPECIFIED:
      return absl::optional<MessageState>();
    case v1::MESSAGE_STATE_READY:
      return absl::make_optional(MessageState::kReady);
    case v1::MESSAGE_STATE_IN_FLIGHT:
      return absl::make_optional(MessageState::kInFlight);
    case v1::MESSAGE_STATE_DEFERRED:
      return absl::make_optional(MessageState::kDeferred);
    default:
      return UnknownEnumValue(field, wire);
  }
}

v1::MessageState ToWire(MessageState state) {
  switch (state) {
    case MessageState::kReady:
      return v1::MESSAGE_STATE_READY;
    case MessageState::kInFlight:
      return v1::MESSAGE_STATE_IN_FLIGHT;
    case MessageState::kDeferred:
      return v1::MESSAGE_STATE_DEFERRED;
  }
  return v1::MESSAGE_STATE_UNSPECIFIED;
}

absl::StatusOr<TopicConfig> FromWire(const v1::TopicConfig& wire) {
  TopicConfig config;
  SLUICE_ASSIGN_OR_RETURN(config.durability,
                          FromWire("config.durability", wire.durability()));
  if (wire.has_mem_queue_size()) config.mem_queue_size = wire.mem_queue_size();
  SLUICE_ASSIGN_OR_RETURN(const absl::Duration retention,
                          FromWire("config.retention", wire.retention()));
  if (retention < absl::ZeroDuration()) {
    return InvalidArgument("INVALID_DURATION", "config.retention",
                           "config.retention is negative");
  }
  if (retention > absl::ZeroDuration()) {
    return Unimplemented("config.retention");
  }
  return config;
}

absl::Status CheckChannelConfig(absl::string_view topic,
                                const v1::ChannelConfig& wire) {
  const std::string& target = wire.dead_letter_topic();
  if (!target.empty()) {
    SLUICE_RETURN_IF_ERROR(ValidateName("config.dead_letter_topic", target));
    if (target == topic) {
      return InvalidArgument("INVALID_CONFIG", "config.dead_letter_topic",
                             "a topic cannot be its own dead-letter topic");
    }
    return Unimplemented("config.dead_letter_topic");
  }
  if (wire.max_attempts() != 0) return Unimplemented("config.max_attempts");
  return absl::OkStatus();
}

void ToWire(const TopicInfo& topic, v1::Topic* wire) {
  wire->set_name(topic.name);
  v1::TopicConfig* const config = wire->mutable_config();
  config->set_durability(ToWire(topic.config.durability));
  if (topic.config.mem_queue_size.has_value()) {
    config->set_mem_queue_size(*topic.config.mem_queue_size);
  }
  wire->set_paused(topic.paused);
  ToWire(topic.create_time, wire->mutable_create_time());
}

void ToWire(const ChannelInfo& channel, v1::Channel* wire) {
  wire->set_topic(channel.topic);
  wire->set_name(channel.name);
  wire->mutable_config();
  wire->set_paused(channel.paused);
  ToWire(channel.create_time, wire->mutable_create_time());
}

}  // namespace sluice
