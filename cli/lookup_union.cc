// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/lookup_union.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/error_text.h"
#include "cli/lookup_calls.h"
#include "cli/node_answer.h"

namespace sluice {
namespace {

using Nodes = google::protobuf::RepeatedPtrField<v1::NodeInfo>;

// Hands each answer to `take`. Fails only when every lookup did.
template <typename Request, typename Take>
absl::Status AskLookups(const Settings& settings, const Request& request,
                        const Take& take) {
  const auto answers =
      AskEach<LookupCalls>(settings.lookups, settings, request);
  const bool any_ok =
      std::any_of(answers.begin(), answers.end(),
                  [](const auto& each) { return each.answer.ok(); });
  if (!any_ok) return answers.front().answer.status();
  for (const auto& [address, answer] : answers) {
    if (answer.ok()) {
      take(*answer);
    } else {
      PrintNote(absl::StrCat("lookup ", address,
                             " is left out: ", ErrorText(answer.status())));
    }
  }
  return absl::OkStatus();
}

// By address: two nodes that announce the same one are one for clients.
void AddTo(const Nodes& nodes, std::map<std::string, v1::NodeInfo>* all) {
  for (const v1::NodeInfo& node : nodes) all->insert({AddressOf(node), node});
}

}  // namespace

std::string AddressOf(const v1::NodeInfo& node) {
  const std::string& host = node.broadcast_address();
  const bool bare_ipv6 = absl::StrContains(host, ':') && host.front() != '[';
  return bare_ipv6 ? absl::StrCat("[", host, "]:", node.grpc_port())
                   : absl::StrCat(host, ":", node.grpc_port());
}

absl::StatusOr<std::vector<v1::NodeInfo>> LookUpNodes(
    const Settings& settings) {
  std::map<std::string, v1::NodeInfo> nodes;
  const absl::Status status =
      AskLookups(settings, v1::LookupServiceListNodesRequest(),
                 [&](const auto& answer) { AddTo(answer.nodes(), &nodes); });
  if (!status.ok()) return status;
  std::vector<v1::NodeInfo> sorted;
  for (auto& [address, node] : nodes) sorted.push_back(std::move(node));
  return sorted;
}

absl::StatusOr<v1::LookupResponse> LookUpTopic(const Settings& settings,
                                               const std::string& topic) {
  v1::LookupRequest request;
  request.set_topic(topic);
  v1::LookupResponse all;
  const absl::Status status = AskLookups(
      settings, request, [&](const auto& answer) { AddTo(answer, &all); });
  if (!status.ok()) return status;
  return all;
}

absl::StatusOr<std::vector<std::string>> LookUpTopics(
    const Settings& settings) {
  std::set<std::string> topics;
  const absl::Status status = AskLookups(
      settings, v1::LookupServiceListTopicsRequest(), [&](const auto& answer) {
        topics.insert(answer.topics().begin(), answer.topics().end());
      });
  if (!status.ok()) return status;
  return std::vector<std::string>(topics.begin(), topics.end());
}

void AddTo(const v1::LookupResponse& answer, v1::LookupResponse* all) {
  std::set<std::string> channels(all->channels().begin(),
                                 all->channels().end());
  channels.insert(answer.channels().begin(), answer.channels().end());
  all->clear_channels();
  for (const std::string& channel : channels) all->add_channels(channel);

  std::map<std::string, v1::NodeInfo> nodes;
  AddTo(all->producers(), &nodes);
  AddTo(answer.producers(), &nodes);
  all->clear_producers();
  for (const auto& [address, node] : nodes) *all->add_producers() = node;
}

}  // namespace sluice
