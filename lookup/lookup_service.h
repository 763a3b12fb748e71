// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_LOOKUP_SERVICE_H_
#define SLUICE_LOOKUP_LOOKUP_SERVICE_H_

#include "lookup/lookup_context.h"
#include "rpc/completion_threads.h"
#include "rpc/unary_call.h"
#include "rpc/unary_methods.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {

// LookupService: checks names, asks the registry, and turns its answer into
// messages. Owned by LookupRpcServer, which outlives all calls; register
// service() with the server, then call Start.
class LookupService {
 public:
  explicit LookupService(LookupContext& context);

  grpc::Service* service() { return &service_; }

  // Begins to take calls.
  void Start(CompletionThreads& threads);

 private:
  using Async = v1::LookupService::AsyncService;

  template <typename Accept, typename Handle>
  void Add(Accept accept, Handle handle) {
    methods_.Add(&service_, accept, this, handle);
  }

  void Lookup(const v1::LookupRequest& request, v1::LookupResponse* response,
              UnaryDone done);
  void ListTopics(const v1::LookupServiceListTopicsRequest& request,
                  v1::LookupServiceListTopicsResponse* response,
                  UnaryDone done);
  void ListChannels(const v1::LookupServiceListChannelsRequest& request,
                    v1::LookupServiceListChannelsResponse* response,
                    UnaryDone done);
  void ListNodes(const v1::LookupServiceListNodesRequest& request,
                 v1::LookupServiceListNodesResponse* response, UnaryDone done);
  void CreateTopic(const v1::LookupServiceCreateTopicRequest& request,
                   v1::LookupServiceCreateTopicResponse* response,
                   UnaryDone done);
  void DeleteTopic(const v1::LookupServiceDeleteTopicRequest& request,
                   v1::LookupServiceDeleteTopicResponse* response,
                   UnaryDone done);
  void CreateChannel(const v1::LookupServiceCreateChannelRequest& request,
                     v1::LookupServiceCreateChannelResponse* response,
                     UnaryDone done);
  void DeleteChannel(const v1::LookupServiceDeleteChannelRequest& request,
                     v1::LookupServiceDeleteChannelResponse* response,
                     UnaryDone done);
  void TombstoneTopic(const v1::LookupServiceTombstoneTopicRequest& request,
                      v1::LookupServiceTombstoneTopicResponse* response,
                      UnaryDone done);

  LookupContext& context_;
  Async service_;
  UnaryMethods methods_;
};

}  // namespace sluice

#endif  // SLUICE_LOOKUP_LOOKUP_SERVICE_H_
