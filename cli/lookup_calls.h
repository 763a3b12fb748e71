// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_LOOKUP_CALLS_H_
#define SLUICE_CLI_LOOKUP_CALLS_H_

#include "absl/status/statusor.h"
#include "cli/connection.h"
#include "sluice/v1/lookup.pb.h"

namespace sluice {

// The LookupService of one lookup node: one method per call the program makes,
// named by its request. Each ends with what the lookup answered, within the
// connection's deadline. Thread-safe.
class LookupCalls {
 public:
  explicit LookupCalls(const Connection& connection)
      : connection_(connection) {}

  template <typename Response>
  using Answer = absl::StatusOr<Response>;

  Answer<v1::LookupResponse> Call(const v1::LookupRequest&) const;
  Answer<v1::LookupServiceListTopicsResponse> Call(
      const v1::LookupServiceListTopicsRequest&) const;
  Answer<v1::LookupServiceListNodesResponse> Call(
      const v1::LookupServiceListNodesRequest&) const;
  Answer<v1::LookupServiceDeleteTopicResponse> Call(
      const v1::LookupServiceDeleteTopicRequest&) const;
  Answer<v1::LookupServiceCreateChannelResponse> Call(
      const v1::LookupServiceCreateChannelRequest&) const;
  Answer<v1::LookupServiceDeleteChannelResponse> Call(
      const v1::LookupServiceDeleteChannelRequest&) const;
  Answer<v1::LookupServiceTombstoneTopicResponse> Call(
      const v1::LookupServiceTombstoneTopicRequest&) const;

 private:
  const Connection& connection_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_LOOKUP_CALLS_H_
