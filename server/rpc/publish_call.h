// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_PUBLISH_CALL_H_
#define SLUICE_SERVER_RPC_PUBLISH_CALL_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/alarm.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_unary_call.h"
#include "rpc/completion_thread.h"
#include "rpc/live_calls.h"
#include "rpc/wake_signal.h"
#include "server/queue/broker.h"
#include "server/rpc/publish_conversion.h"
#include "server/rpc/publisher_service.h"
#include "server/rpc/rpc_context.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {

// One call of PublisherService.Publish:
//
//   1. accept; at once wait for the next call of the kind
//   2. check the request
//   3. while the publishes that wait for the disk fill their memory, wait for
//      room, at most kMaxWaitForRoom
//   4. if the topic is new, ask for its channels; the answer comes on another
//      thread
//   5. hand the messages to the broker, which answers from its own thread
//   6. answer, and cease to exist
//
// Owns itself from Accept on.
class PublishCall final : public LiveCall {
 public:
  static constexpr absl::Duration kMaxWaitForRoom = absl::Seconds(1);

  // Waits for the next call, on `thread`.
  static void Accept(PublisherService& service, RpcContext& context,
                     CompletionThread& thread);

 private:
  PublishCall(PublisherService& service, RpcContext& context,
              CompletionThread& thread);
  ~PublishCall();

  void OnAccepted(bool ok);
  void WaitForRoom();
  void OnWaited(bool timed_out);
  void FindTopic();
  void Publish(const Broker::Channels& channels);
  void Answer(const absl::StatusOr<PublishOutcome>& outcome);
  void OnAnswered(bool ok);

  PublisherService& service_;
  RpcContext& context_;
  CompletionThread& thread_;

  grpc::ServerContext call_;
  grpc::ServerAsyncResponseWriter<v1::PublishResponse> writer_{&call_};
  v1::PublishRequest request_;
  PublishTotals totals_;

  std::shared_ptr<WakeSignal> room_;  // raised when there is room
  grpc::Alarm wait_;                  // cancelled when there is room

  MemberEvent<PublishCall, &PublishCall::OnAccepted> accepted_{this};
  MemberEvent<PublishCall, &PublishCall::OnWaited> waited_{this};
  MemberEvent<PublishCall, &PublishCall::OnAnswered> answered_{this};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_PUBLISH_CALL_H_
