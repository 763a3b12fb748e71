// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/admin_service.h"

#include <utility>

#include "base/names.h"
#include "base/status_macros.h"
#include "server/rpc/stats_conversion.h"
#include "server/rpc/watch_stats_stream.h"
#include "spdlog/spdlog.h"

namespace sluice {

AdminService::AdminService(RpcContext& context)
    : context_(context), methods_(context.live_calls) {
  AddTopicMethods();
  AddChannelMethods();
  AddNodeMethods();
}

void AdminService::AddTopicMethods() {
  Add(&Async::RequestCreateTopic, &AdminService::CreateTopic);
  Add(&Async::RequestDeleteTopic, &AdminService::DeleteTopic);
  Add(&Async::RequestGetTopic, &AdminService::GetTopic);
  Add(&Async::RequestListTopics, &AdminService::ListTopics);
  Add(&Async::RequestUpdateTopic, &AdminService::UpdateTopic);
  Add(&Async::RequestPauseTopic, &AdminService::PauseTopic);
  Add(&Async::RequestResumeTopic, &AdminService::ResumeTopic);
  Add(&Async::RequestEmptyTopic, &AdminService::EmptyTopic);
}

void AdminService::AddChannelMethods() {
  Add(&Async::RequestCreateChannel, &AdminService::CreateChannel);
  Add(&Async::RequestDeleteChannel, &AdminService::DeleteChannel);
  Add(&Async::RequestGetChannel, &AdminService::GetChannel);
  Add(&Async::RequestListChannels, &AdminService::ListChannels);
  Add(&Async::RequestUpdateChannel, &AdminService::UpdateChannel);
  Add(&Async::RequestPauseChannel, &AdminService::PauseChannel);
  Add(&Async::RequestResumeChannel, &AdminService::ResumeChannel);
  Add(&Async::RequestEmptyChannel, &AdminService::EmptyChannel);
}

void AdminService::AddNodeMethods() {
  Add(&Async::RequestGetStats, &AdminService::GetStats);
  Add(&Async::RequestGetServerInfo, &AdminService::GetServerInfo);
  Add(&Async::RequestPeekMessages, &AdminService::PeekMessages);
  Add(&Async::RequestDrain, &AdminService::Drain);
}

void AdminService::Start(CompletionThreads& threads) {
  methods_.Accept(threads);
  WatchStatsStream::Accept(service_, context_, threads);
}

void AdminService::GetStats(const v1::GetStatsRequest& request,
                            v1::GetStatsResponse* response, UnaryDone done) {
  done(FillStats(context_, request, response));
}

void AdminService::GetServerInfo(const v1::GetServerInfoRequest&,
                                 v1::GetServerInfoResponse* response,
                                 UnaryDone done) {
  ToWire(context_.identity, context_.broker.health(), context_.draining.load(),
         response->mutable_server());
  done(absl::OkStatus());
}

void AdminService::Drain(const v1::DrainRequest&, v1::DrainResponse*,
                         UnaryDone done) {
  if (!context_.draining.load()) spdlog::info("a client asked for a drain");
  context_.BeginDrain();
  done(absl::OkStatus());
}

}  // namespace sluice
