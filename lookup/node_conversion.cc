// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/node_conversion.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/names.h"
#include "base/status_macros.h"

namespace sluice {
namespace {

constexpr uint32_t kMaxPort = 65535;

}  // namespace

absl::StatusOr<NodeRecord> FromWire(const v1::NodeInfo& wire) {
  SLUICE_RETURN_IF_ERROR(ValidateName("node.node_id", wire.node_id()));
  if (wire.broadcast_address().empty()) {
    return InvalidArgument("INVALID_CONFIG", "node.broadcast_address",
                           "the node names no address for its clients");
  }
  if (wire.grpc_port() == 0 || kMaxPort < wire.grpc_port()) {
    return InvalidArgument("INVALID_CONFIG", "node.grpc_port",
                           "grpc_port must be from 1 to 65535");
  }
  if (kMaxPort < wire.http_port()) {
    return InvalidArgument("INVALID_CONFIG", "node.http_port",
                           "http_port must be from 0 to 65535");
  }
  return NodeRecord{wire.node_id(),           wire.hostname(),
                    wire.broadcast_address(), wire.grpc_port(),
                    wire.http_port(),         wire.version()};
}

absl::Status CheckRegistration(absl::string_view field,
                               const v1::Registration& wire) {
  SLUICE_RETURN_IF_ERROR(
      ValidateName(absl::StrCat(field, ".topic"), wire.topic()));
  if (wire.channel().empty()) return absl::OkStatus();
  return ValidateName(absl::StrCat(field, ".channel"), wire.channel());
}

void ToWire(const NodeRecord& node, v1::NodeInfo* wire) {
  wire->set_node_id(node.node_id);
  wire->set_hostname(node.hostname);
  wire->set_broadcast_address(node.broadcast_address);
  wire->set_grpc_port(node.grpc_port);
  wire->set_http_port(node.http_port);
  wire->set_version(node.version);
}

void ToWire(const LookupRegistry::TopicView& view, v1::LookupResponse* wire) {
  for (const std::string& channel : view.channels) wire->add_channels(channel);
  for (const auto& node : view.nodes) ToWire(*node, wire->add_producers());
}

}  // namespace sluice
