// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CLIENT_OPTIONS_H_
#define SLUICE_CLIENT_CLIENT_OPTIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace grpc {
class ChannelCredentials;
}  // namespace grpc

namespace sluice {

// Where the nodes are, and who we are. For ClusterConnection::Create.
//
// Exactly one of the two lists must be given.
struct ClientOptions {
  // Nodes, `host:port` of their gRPC port. These are all there are.
  std::vector<std::string> addresses;

  // Lookup nodes, `host:port`. All are asked, and the union of their answers
  // counts. While one is down or knows nothing, what is known stays.
  std::vector<std::string> lookup_addresses;

  // Default null: plaintext. For nodes and lookups alike.
  std::shared_ptr<grpc::ChannelCredentials> credentials;

  // For people, in a node's stats. Default: the name of this machine.
  std::string client_id;

  // Program and version, likewise. Default `sluice-client/` and the version.
  std::string user_agent;

  // How often lookups are asked, beside what they tell by themselves about a
  // topic that is followed. Range 10 ms and up. Lower it and new nodes are
  // found sooner by producers; each question costs a lookup a small answer.
  absl::Duration lookup_poll_interval = absl::Seconds(15);

  // The pause before the first and, doubling, before later attempts to reach
  // a node or lookup that is away; each is shortened by up to a half, at
  // random, so that not all clients come at once. A node that a lookup names
  // anew is tried at once. Range 1 ms and up, the first at most the last.
  absl::Duration min_reconnect_delay = absl::Milliseconds(100);
  absl::Duration max_reconnect_delay = absl::Seconds(1);

  // A node that cannot be reached is forgotten when no lookup has named it for
  // so long. Only with lookups. Range 0 s and up.
  absl::Duration forget_node_after = absl::Minutes(5);
};

// OK, or INVALID_ARGUMENT with the name of the option in ErrorField.
absl::Status ValidateClientOptions(const ClientOptions& options);

}  // namespace sluice

#endif  // SLUICE_CLIENT_CLIENT_OPTIONS_H_
