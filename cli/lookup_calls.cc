// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/lookup_calls.h"

#include "cli/unary_call.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {
namespace {

using Stub = v1::LookupService::Stub;

}  // namespace

absl::StatusOr<v1::LookupResponse> LookupCalls::Call(
    const v1::LookupRequest& request) const {
  return CallUnary(connection_, &Stub::Lookup, request);
}

absl::StatusOr<v1::LookupServiceListTopicsResponse> LookupCalls::Call(
    const v1::LookupServiceListTopicsRequest& request) const {
  return CallUnary(connection_, &Stub::ListTopics, request);
}

absl::StatusOr<v1::LookupServiceListNodesResponse> LookupCalls::Call(
    const v1::LookupServiceListNodesRequest& request) const {
  return CallUnary(connection_, &Stub::ListNodes, request);
}

absl::StatusOr<v1::LookupServiceDeleteTopicResponse> LookupCalls::Call(
    const v1::LookupServiceDeleteTopicRequest& request) const {
  return CallUnary(connection_, &Stub::DeleteTopic, request);
}

absl::StatusOr<v1::LookupServiceCreateChannelResponse> LookupCalls::Call(
    const v1::LookupServiceCreateChannelRequest& request) const {
  return CallUnary(connection_, &Stub::CreateChannel, request);
}

absl::StatusOr<v1::LookupServiceDeleteChannelResponse> LookupCalls::Call(
    const v1::LookupServiceDeleteChannelRequest& request) const {
  return CallUnary(connection_, &Stub::DeleteChannel, request);
}

absl::StatusOr<v1::LookupServiceTombstoneTopicResponse> LookupCalls::Call(
    const v1::LookupServiceTombstoneTopicRequest& request) const {
  return CallUnary(connection_, &Stub::TombstoneTopic, request);
}

}  // namespace sluice
