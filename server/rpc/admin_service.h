// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_ADMIN_SERVICE_H_
#define SLUICE_SERVER_RPC_ADMIN_SERVICE_H_

#include "rpc/completion_threads.h"
#include "rpc/unary_call.h"
#include "rpc/unary_methods.h"
#include "server/rpc/rpc_context.h"
#include "sluice/v1/admin.grpc.pb.h"

namespace sluice {

// AdminService: each method checks what only the wire knows, asks the broker,
// and turns its answer into messages. Owned by RpcServer, which outlives all
// calls; register service() with the server, then call Start.
class AdminService {
 public:
  explicit AdminService(RpcContext& context);

  grpc::Service* service() { return &service_; }

  // Begins to take calls.
  void Start(CompletionThreads& threads);

 private:
  using Async = v1::AdminService::AsyncService;

  template <typename Accept, typename Handle>
  void Add(Accept accept, Handle handle) {
    methods_.Add(&service_, accept, this, handle);
  }
  void AddTopicMethods();
  void AddChannelMethods();
  void AddNodeMethods();

  void CreateTopic(const v1::CreateTopicRequest& request,
                   v1::CreateTopicResponse* response, UnaryDone done);
  void DeleteTopic(const v1::DeleteTopicRequest& request,
                   v1::DeleteTopicResponse* response, UnaryDone done);
  void GetTopic(const v1::GetTopicRequest& request,
                v1::GetTopicResponse* response, UnaryDone done);
  void ListTopics(const v1::ListTopicsRequest& request,
                  v1::ListTopicsResponse* response, UnaryDone done);
  void UpdateTopic(const v1::UpdateTopicRequest& request,
                   v1::UpdateTopicResponse* response, UnaryDone done);
  void PauseTopic(const v1::PauseTopicRequest& request,
                  v1::PauseTopicResponse* response, UnaryDone done);
  void ResumeTopic(const v1::ResumeTopicRequest& request,
                   v1::ResumeTopicResponse* response, UnaryDone done);
  void EmptyTopic(const v1::EmptyTopicRequest& request,
                  v1::EmptyTopicResponse* response, UnaryDone done);

  void CreateChannel(const v1::CreateChannelRequest& request,
                     v1::CreateChannelResponse* response, UnaryDone done);
  void DeleteChannel(const v1::DeleteChannelRequest& request,
                     v1::DeleteChannelResponse* response, UnaryDone done);
  void GetChannel(const v1::GetChannelRequest& request,
                  v1::GetChannelResponse* response, UnaryDone done);
  void ListChannels(const v1::ListChannelsRequest& request,
                    v1::ListChannelsResponse* response, UnaryDone done);
  void UpdateChannel(const v1::UpdateChannelRequest& request,
                     v1::UpdateChannelResponse* response, UnaryDone done);
  void PauseChannel(const v1::PauseChannelRequest& request,
                    v1::PauseChannelResponse* response, UnaryDone done);
  void ResumeChannel(const v1::ResumeChannelRequest& request,
                     v1::ResumeChannelResponse* response, UnaryDone done);
  void EmptyChannel(const v1::EmptyChannelRequest& request,
                    v1::EmptyChannelResponse* response, UnaryDone done);

  void GetStats(const v1::GetStatsRequest& request,
                v1::GetStatsResponse* response, UnaryDone done);
  void GetServerInfo(const v1::GetServerInfoRequest& request,
                     v1::GetServerInfoResponse* response, UnaryDone done);
  void PeekMessages(const v1::PeekMessagesRequest& request,
                    v1::PeekMessagesResponse* response, UnaryDone done);
  void Drain(const v1::DrainRequest& request, v1::DrainResponse* response,
             UnaryDone done);

  RpcContext& context_;
  Async service_;
  UnaryMethods methods_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_ADMIN_SERVICE_H_
