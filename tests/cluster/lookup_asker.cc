// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/lookup_asker.h"

#include <algorithm>
#include <chrono>

#include "grpc/grpc.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace sluice {
namespace {

// A call that a server which is just dead does not hold up.
class Call : public grpc::ClientContext {
 public:
  Call() { set_deadline(std::chrono::system_clock::now() + kLongest); }

 private:
  static constexpr std::chrono::seconds kLongest{5};
};

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 10);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace

LookupAsker::LookupAsker(const std::string& address)
    : stub_(v1::LookupService::NewStub(Connect(address))) {}

std::vector<int> LookupAsker::PortsOf(const std::string& topic) {
  Call call;
  v1::LookupRequest request;
  request.set_topic(topic);
  v1::LookupResponse response;
  std::vector<int> ports;
  if (!stub_->Lookup(&call, request, &response).ok()) return ports;
  for (const auto& node : response.producers()) {
    ports.push_back(static_cast<int>(node.grpc_port()));
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

std::vector<std::string> LookupAsker::ChannelsOf(const std::string& topic) {
  Call call;
  v1::LookupServiceListChannelsRequest request;
  request.set_topic(topic);
  v1::LookupServiceListChannelsResponse response;
  (void)stub_->ListChannels(&call, request, &response);
  return {response.channels().begin(), response.channels().end()};
}

std::vector<std::string> LookupAsker::Topics() {
  Call call;
  v1::LookupServiceListTopicsResponse response;
  (void)stub_->ListTopics(&call, v1::LookupServiceListTopicsRequest(),
                          &response);
  return {response.topics().begin(), response.topics().end()};
}

std::vector<v1::NodeInfo> LookupAsker::Nodes() {
  Call call;
  v1::LookupServiceListNodesResponse response;
  (void)stub_->ListNodes(&call, v1::LookupServiceListNodesRequest(), &response);
  return {response.nodes().begin(), response.nodes().end()};
}

Outcome LookupAsker::CreateChannel(const std::string& topic,
                                   const std::string& channel) {
  Call call;
  v1::LookupServiceCreateChannelRequest request;
  request.set_topic(topic);
  request.set_channel(channel);
  v1::LookupServiceCreateChannelResponse response;
  return OutcomeOf(stub_->CreateChannel(&call, request, &response));
}

Outcome LookupAsker::DeleteTopic(const std::string& topic) {
  Call call;
  v1::LookupServiceDeleteTopicRequest request;
  request.set_topic(topic);
  v1::LookupServiceDeleteTopicResponse response;
  return OutcomeOf(stub_->DeleteTopic(&call, request, &response));
}

Outcome LookupAsker::Tombstone(const std::string& topic,
                               const std::string& node_id) {
  Call call;
  v1::LookupServiceTombstoneTopicRequest request;
  request.set_topic(topic);
  request.set_node_id(node_id);
  v1::LookupServiceTombstoneTopicResponse response;
  return OutcomeOf(stub_->TombstoneTopic(&call, request, &response));
}

}  // namespace sluice
