// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_NODE_CONVERSION_H_
#define SLUICE_LOOKUP_NODE_CONVERSION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lookup/lookup_registry.h"
#include "lookup/node_record.h"
#include "sluice/v1/lookup.pb.h"

namespace sluice {

// Lookup's messages, wire <-> domain.

// INVALID_NAME when the node's id is no name, INVALID_CONFIG when clients could
// not connect to it: no address, or no port.
absl::StatusOr<NodeRecord> FromWire(const v1::NodeInfo& wire);
// INVALID_NAME about `field`.topic or `field`.channel.
absl::Status CheckRegistration(absl::string_view field,
                               const v1::Registration& wire);

void ToWire(const NodeRecord& node, v1::NodeInfo* wire);
void ToWire(const LookupRegistry::TopicView& view, v1::LookupResponse* wire);

}  // namespace sluice

#endif  // SLUICE_LOOKUP_NODE_CONVERSION_H_
