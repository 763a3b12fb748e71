// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_CONFIG_CONVERSION_H_
#define SLUICE_SERVER_RPC_CONFIG_CONVERSION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/queue/broker.h"
#include "server/queue/durability.h"
#include "server/queue/stats.h"
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

// INVALID_ENUM, INVALID_DURATION; UNIMPLEMENTED for a retention.
absl::StatusOr<TopicConfig> FromWire(const v1::TopicConfig& wire);

// The config of a channel of `topic`: INVALID_NAME, INVALID_CONFIG;
// UNIMPLEMENTED for anything but the defaults.
absl::Status CheckChannelConfig(absl::string_view topic,
                                const v1::ChannelConfig& wire);

void ToWire(const TopicInfo& topic, v1::Topic* wire);
void ToWire(const ChannelInfo& channel, v1::Channel* wire);

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_CONFIG_CONVERSION_H_
