// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CLUSTER_LOOKUP_ASKER_H_
#define SLUICE_TESTS_CLUSTER_LOOKUP_ASKER_H_

#include <memory>
#include <string>
#include <vector>

#include "sluice/v1/lookup.grpc.pb.h"
#include "tests/conformance/outcome.h"

namespace sluice {

// Questions to one lookup server, with the generated synchronous stub. A
// question that fails answers nothing: tests ask again until they like the
// answer.
class LookupAsker {
 public:
  explicit LookupAsker(const std::string& address);

  // Broadcast ports of the nodes, sorted.
  std::vector<int> PortsOf(const std::string& topic);
  std::vector<std::string> ChannelsOf(const std::string& topic);
  std::vector<std::string> Topics();
  std::vector<v1::NodeInfo> Nodes();

  Outcome CreateChannel(const std::string& topic, const std::string& channel);
  Outcome DeleteTopic(const std::string& topic);
  Outcome Tombstone(const std::string& topic, const std::string& node_id);

 private:
  const std::unique_ptr<v1::LookupService::Stub> stub_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CLUSTER_LOOKUP_ASKER_H_
