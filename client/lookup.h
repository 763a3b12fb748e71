// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_LOOKUP_H_
#define SLUICE_CLIENT_LOOKUP_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cluster_connection.h"

namespace sluice {

// A node as it describes itself to lookups.
struct LookupNode {
  std::string node_id;
  std::string hostname;
  std::string address;       // `host:port` of gRPC, to connect to
  std::string http_address;  // `host:port`, or empty
  std::string version;
};

// Where a topic is.
struct TopicNodes {
  std::vector<std::string> channels;
  std::vector<LookupNode> nodes;
};

// What one lookup said, or why it did not.
template <typename Answer>
struct FromLookup {
  std::string lookup;  // its address
  absl::StatusOr<Answer> answer;
};

// Asks the lookups of a connection, all at once; each answers for itself, so
// results have one entry for each, in the order of the options. Producers and
// Consumers do not need this: it is for programs that look around.
//
// Calls block for at most `timeout`; a lookup that has not answered by then is
// DEADLINE_EXCEEDED. Thread-safe. Not within a callback of this library.
class LookupClient {
 public:
  explicit LookupClient(std::shared_ptr<ClusterConnection> connection);

  std::vector<FromLookup<TopicNodes>> Lookup(const std::string& topic,
                                             absl::Duration timeout);
  std::vector<FromLookup<std::vector<LookupNode>>> ListNodes(
      absl::Duration timeout);
  std::vector<FromLookup<std::vector<std::string>>> ListTopics(
      absl::Duration timeout);

 private:
  const std::shared_ptr<ClusterConnection> connection_;
};

// The union, each once, sorted by name, nodes by address. An error only where
// no lookup answered: the first one's.
absl::StatusOr<TopicNodes> UnionOf(
    const std::vector<FromLookup<TopicNodes>>& answers);
absl::StatusOr<std::vector<LookupNode>> UnionOf(
    const std::vector<FromLookup<std::vector<LookupNode>>>& answers);
absl::StatusOr<std::vector<std::string>> UnionOf(
    const std::vector<FromLookup<std::vector<std::string>>>& answers);

}  // namespace sluice

#endif  // SLUICE_CLIENT_LOOKUP_H_
