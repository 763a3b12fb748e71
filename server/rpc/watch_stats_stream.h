// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_WATCH_STATS_STREAM_H_
#define SLUICE_SERVER_RPC_WATCH_STATS_STREAM_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/alarm.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "rpc/completion_threads.h"
#include "rpc/live_calls.h"
#include "rpc/status_conversion.h"
#include "rpc/wake_signal.h"
#include "server/rpc/rpc_context.h"
#include "server/rpc/stats_conversion.h"
#include "sluice/v1/admin.grpc.pb.h"

namespace sluice {

// Fills a GetStatsResponse or WatchStatsResponse for a request of the same
// kind. The errors of Broker::GetStats.
template <typename Request, typename Response>
absl::Status FillStats(RpcContext& context, const Request& request,
                       Response* response) {
  const absl::StatusOr<std::vector<TopicStats>> topics =
      context.broker.GetStats(request.topic(), request.channel(),
                              request.include_clients());
  if (!topics.ok()) return topics.status();
  ToWire(context.identity, context.broker.health(), context.draining.load(),
         response->mutable_server());
  for (const TopicStats& topic : *topics) {
    ToWire(topic, response->add_topics());
  }
  return absl::OkStatus();
}

// The time between two answers: 1 s when the request leaves it open, at least
// 100 ms. INVALID_DURATION when it is negative.
absl::StatusOr<absl::Duration> WatchInterval(
    const v1::WatchStatsRequest& request);

// One call of AdminService.WatchStats: write the stats, sleep, write again,
// until the client cancels, an error ends it, or the server stops (DRAINING).
// All state is of one completion thread. Owns itself from Accept on.
class WatchStatsStream final : public LiveCall {
 public:
  using Service = v1::AdminService::AsyncService;

  // Waits for the next stream.
  static void Accept(Service& service, RpcContext& context,
                     CompletionThreads& threads);

 private:
  WatchStatsStream(Service& service, RpcContext& context,
                   CompletionThreads& threads);
  ~WatchStatsStream();

  void OnAccepted(bool ok);
  void OnStarted(bool ok);
  void OnWritten(bool ok);
  void OnSlept(bool ok);
  void OnFinished(bool ok);
  void OnDone(bool ok);
  void OnWake();
  // LiveCall, on any thread.
  void OnStop() override { wake_->Raise(); }

  void WriteStats();
  void Finish(const absl::Status& status);
  void EndTurn();

  Service& service_;
  RpcContext& context_;
  CompletionThreads& threads_;
  CompletionThread& thread_;
  const std::shared_ptr<WakeSignal> wake_;

  grpc::ServerContext call_;
  grpc::ServerAsyncWriter<v1::WatchStatsResponse> stream_{&call_};
  v1::WatchStatsRequest request_;
  absl::Duration interval_;
  int pending_ = 2;    // operations that gRPC has not answered yet
  bool gone_ = false;  // the client
  bool stopping_ = false;
  grpc::Alarm sleep_;

  MemberEvent<WatchStatsStream, &WatchStatsStream::OnAccepted> accepted_{this};
  MemberEvent<WatchStatsStream, &WatchStatsStream::OnStarted> started_{this};
  MemberEvent<WatchStatsStream, &WatchStatsStream::OnWritten> written_{this};
  MemberEvent<WatchStatsStream, &WatchStatsStream::OnSlept> slept_{this};
  MemberEvent<WatchStatsStream, &WatchStatsStream::OnFinished> finished_{this};
  MemberEvent<WatchStatsStream, &WatchStatsStream::OnDone> done_{this};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_WATCH_STATS_STREAM_H_
