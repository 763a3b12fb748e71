// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/lookup_service.h"

#include <string>

#include "base/names.h"
#include "base/status_macros.h"
#include "lookup/node_conversion.h"
#include "lookup/register_stream.h"
#include "lookup/watch_stream.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

// Streams that may arrive at the same moment without waiting for each other's
// acceptance: after a restart of the server, all of them do.
constexpr int kStreamAccepts = 16;

template <typename Request>
absl::Status CheckTopic(const Request& request) {
  return ValidateName("topic", request.topic());
}

template <typename Request>
absl::Status CheckNames(const Request& request) {
  SLUICE_RETURN_IF_ERROR(CheckTopic(request));
  return ValidateName("channel", request.channel());
}

}  // namespace

LookupService::LookupService(LookupContext& context)
    : context_(context), methods_(context.live_calls) {
  Add(&Async::RequestLookup, &LookupService::Lookup);
  Add(&Async::RequestListTopics, &LookupService::ListTopics);
  Add(&Async::RequestListChannels, &LookupService::ListChannels);
  Add(&Async::RequestListNodes, &LookupService::ListNodes);
  Add(&Async::RequestCreateTopic, &LookupService::CreateTopic);
  Add(&Async::RequestDeleteTopic, &LookupService::DeleteTopic);
  Add(&Async::RequestCreateChannel, &LookupService::CreateChannel);
  Add(&Async::RequestDeleteChannel, &LookupService::DeleteChannel);
  Add(&Async::RequestTombstoneTopic, &LookupService::TombstoneTopic);
}

void LookupService::Start(CompletionThreads& threads) {
  methods_.Accept(threads);
  for (int i = 0; i < kStreamAccepts; ++i) {
    RegisterStream::Accept(service_, context_, threads);
    WatchStream::Accept(service_, context_, threads);
  }
}

void LookupService::Lookup(const v1::LookupRequest& request,
                           v1::LookupResponse* response, UnaryDone done) {
  const absl::Status name = CheckTopic(request);
  if (name.ok()) ToWire(context_.registry.Lookup(request.topic()), response);
  done(name);
}

void LookupService::ListTopics(const v1::LookupServiceListTopicsRequest&,
                               v1::LookupServiceListTopicsResponse* response,
                               UnaryDone done) {
  for (std::string& topic : context_.registry.Topics()) {
    response->add_topics(std::move(topic));
  }
  done(absl::OkStatus());
}

void LookupService::ListChannels(
    const v1::LookupServiceListChannelsRequest& request,
    v1::LookupServiceListChannelsResponse* response, UnaryDone done) {
  const absl::Status name = CheckTopic(request);
  if (name.ok()) {
    for (std::string& channel : context_.registry.Channels(request.topic())) {
      response->add_channels(std::move(channel));
    }
  }
  done(name);
}

void LookupService::ListNodes(const v1::LookupServiceListNodesRequest&,
                              v1::LookupServiceListNodesResponse* response,
                              UnaryDone done) {
  for (const auto& view : context_.registry.Nodes()) {
    ToWire(*view.node, response->add_nodes());
  }
  done(absl::OkStatus());
}

void LookupService::CreateTopic(
    const v1::LookupServiceCreateTopicRequest& request,
    v1::LookupServiceCreateTopicResponse*, UnaryDone done) {
  const absl::Status name = CheckTopic(request);
  if (name.ok()) context_.registry.CreateTopic(request.topic());
  done(name);
}

void LookupService::DeleteTopic(
    const v1::LookupServiceDeleteTopicRequest& request,
    v1::LookupServiceDeleteTopicResponse*, UnaryDone done) {
  const absl::Status name = CheckTopic(request);
  if (name.ok()) {
    context_.registry.DeleteTopic(request.topic());
    spdlog::info("topic {} is forgotten", request.topic());
  }
  done(name);
}

void LookupService::CreateChannel(
    const v1::LookupServiceCreateChannelRequest& request,
    v1::LookupServiceCreateChannelResponse*, UnaryDone done) {
  const absl::Status names = CheckNames(request);
  if (names.ok()) {
    context_.registry.CreateChannel(request.topic(), request.channel());
  }
  done(names);
}

void LookupService::DeleteChannel(
    const v1::LookupServiceDeleteChannelRequest& request,
    v1::LookupServiceDeleteChannelResponse*, UnaryDone done) {
  const absl::Status names = CheckNames(request);
  if (names.ok()) {
    context_.registry.DeleteChannel(request.topic(), request.channel());
    spdlog::info("channel {} of topic {} is forgotten", request.channel(),
                 request.topic());
  }
  done(names);
}

void LookupService::TombstoneTopic(
    const v1::LookupServiceTombstoneTopicRequest& request,
    v1::LookupServiceTombstoneTopicResponse*, UnaryDone done) {
  const absl::Status name = CheckTopic(request);
  if (name.ok()) {
    context_.registry.Tombstone(request.topic(), request.node_id());
    context_.expiry.Reconsider();
    spdlog::info("node {} is hidden for topic {}", request.node_id(),
                 request.topic());
  }
  done(name);
}

}  // namespace sluice
