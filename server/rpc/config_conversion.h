// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_CONFIG_CONVERSION_H_
#define SLUICE_SERVER_RPC_CONFIG_CONVERSION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "server/queue/broker.h"
#include "server/queue/channel_config.h"
#include "server/queue/durability.h"
#include "server/queue/stats.h"
#include "server/queue/topic_config.h"
#include "sluice/v1/admin.pb.h"
#include "sluice/v1/types.pb.h"

namespace sluice {

// Topics, channels, their configs and the enums, wire <-> domain.

// INVALID_ENUM about `field` for a value that the contract does not name.
absl::StatusOr<Durability> FromWire(absl::string_view field,
                                    v1::Durability wire);
v1::Durability ToWire(Durability durability);

absl::StatusOr<StartPosition> FromWire(absl::string_view field,
                                       v1::StartPosition wire);

// Nothing for "all".
absl::StatusOr<absl::optional<MessageState>> FromWire(absl::string_view field,
                                                      v1::MessageState wire);
v1::MessageState ToWire(MessageState state);

// INVALID_ENUM, INVALID_DURATION.
absl::StatusOr<TopicConfig> FromWire(const v1::TopicConfig& wire);

// UNIMPLEMENTED for anything but the defaults.
absl::StatusOr<ChannelConfig> FromWire(const v1::ChannelConfig& wire);

// The fields of `wire` that `mask` names, all of them when it names none; the
// others are not looked at. INVALID_CONFIG about `update_mask` for a path that
// is no field, besides the errors above.
absl::StatusOr<TopicConfigChange> FromWire(
    const v1::TopicConfig& wire, const google::protobuf::FieldMask& mask);
absl::StatusOr<ChannelConfigChange> FromWire(
    const v1::ChannelConfig& wire, const google::protobuf::FieldMask& mask);

void ToWire(const TopicInfo& topic, v1::Topic* wire);
void ToWire(const ChannelInfo& channel, v1::Channel* wire);

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_CONFIG_CONVERSION_H_
