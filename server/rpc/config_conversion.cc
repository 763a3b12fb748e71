// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/config_conversion.h"

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "rpc/time_conversion.h"
#include "server/rpc/refusals.h"

namespace sluice {
namespace {

absl::Status UnknownEnumValue(absl::string_view field, int value) {
  return InvalidArgument("INVALID_ENUM", field,
                         absl::StrCat(field, " has the unknown value ", value));
}

// Whether a change by `mask` touches `field`.
bool Names(const google::protobuf::FieldMask& mask, absl::string_view field) {
  return mask.paths().empty() ||
         std::find(mask.paths().begin(), mask.paths().end(), field) !=
             mask.paths().end();
}

// `config` without what `mask` does not name.
template <typename Config>
absl::StatusOr<Config> Masked(Config config,
                              const google::protobuf::FieldMask& mask) {
  const google::protobuf::Descriptor* const fields = Config::descriptor();
  for (const std::string& path : mask.paths()) {
    if (fields->FindFieldByName(path) != nullptr) continue;
    return InvalidArgument(
        "INVALID_CONFIG", "update_mask",
        absl::StrCat("update_mask names \"", absl::CHexEscape(path),
                     "\", which is no field of the config"));
  }
  for (int i = 0; i < fields->field_count(); ++i) {
    if (Names(mask, fields->field(i)->name())) continue;
    config.GetReflection()->ClearField(&config, fields->field(i));
  }
  return config;
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
  config.retention = retention;
  return config;
}

absl::StatusOr<ChannelConfig> FromWire(const v1::ChannelConfig& wire) {
  return ChannelConfig{wire.max_attempts(), wire.dead_letter_topic()};
}

absl::StatusOr<TopicConfigChange> FromWire(
    const v1::TopicConfig& wire, const google::protobuf::FieldMask& mask) {
  SLUICE_ASSIGN_OR_RETURN(const v1::TopicConfig named, Masked(wire, mask));
  TopicConfigChange change;
  SLUICE_ASSIGN_OR_RETURN(change.values, FromWire(named));
  change.sets_durability = Names(mask, "durability");
  change.sets_mem_queue_size = Names(mask, "mem_queue_size");
  change.sets_retention = Names(mask, "retention");
  return change;
}

absl::StatusOr<ChannelConfigChange> FromWire(
    const v1::ChannelConfig& wire, const google::protobuf::FieldMask& mask) {
  SLUICE_ASSIGN_OR_RETURN(const v1::ChannelConfig named, Masked(wire, mask));
  ChannelConfigChange change;
  SLUICE_ASSIGN_OR_RETURN(change.values, FromWire(named));
  change.sets_max_attempts = Names(mask, "max_attempts");
  change.sets_dead_letter_topic = Names(mask, "dead_letter_topic");
  return change;
}

void ToWire(const TopicInfo& topic, v1::Topic* wire) {
  wire->set_name(topic.name);
  v1::TopicConfig* const config = wire->mutable_config();
  config->set_durability(ToWire(topic.config.durability));
  if (topic.config.mem_queue_size.has_value()) {
    config->set_mem_queue_size(*topic.config.mem_queue_size);
  }
  if (topic.config.retention > absl::ZeroDuration()) {
    ToWire(topic.config.retention, config->mutable_retention());
  }
  wire->set_paused(topic.paused);
  ToWire(topic.create_time, wire->mutable_create_time());
}

void ToWire(const ChannelInfo& channel, v1::Channel* wire) {
  wire->set_topic(channel.topic);
  wire->set_name(channel.name);
  v1::ChannelConfig* const config = wire->mutable_config();
  config->set_max_attempts(channel.config.max_attempts);
  config->set_dead_letter_topic(channel.config.dead_letter_topic);
  wire->set_paused(channel.paused);
  ToWire(channel.create_time, wire->mutable_create_time());
}

}  // namespace sluice
