// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_ANNOUNCE_LOOKUP_SESSION_H_
#define SLUICE_SERVER_ANNOUNCE_LOOKUP_SESSION_H_

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/alarm.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/support/async_stream.h"
#include "rpc/completion_thread.h"
#include "server/announce/names.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {

// One registration with one lookup server, from the first byte to its end:
//
//   1. Start the stream; write who the node is.
//   2. Write an add or a remove for each name that the server was not told of.
//      Up to kWindow commands may wait for their answers, and no more are
//      written: names that come and go meanwhile cost nothing.
//   3. When there is nothing to tell, ping as often as the server asks for. If
//      it answers that it does not know, all is told again.
//   4. An answer that does not come in time, an error, and End() end it. The
//      connection goes with it, so that the next one asks the DNS anew.
//
// All of it runs on the thread that serves `queue`. Owned by its
// LookupConnection, which keeps it until `ended`.
class LookupSession {
 public:
  struct Spec {
    std::string target;  // host:port
    v1::NodeInfo node;
    absl::Duration answer_timeout;
    // The server answered the first command, and is told all from now on.
    std::function<void(absl::Duration ping_interval)> registered;
    // Nothing comes after it; it may destroy the session.
    std::function<void(const absl::Status& why)> ended;
  };
  LookupSession(Spec spec, grpc::CompletionQueue* queue);
  ~LookupSession() = default;
  LookupSession(const LookupSession&) = delete;
  LookupSession& operator=(const LookupSession&) = delete;

  void Start(std::shared_ptr<const Names> names);
  // What the node has now.
  void Announce(std::shared_ptr<const Names> names);
  void End(const absl::Status& why);

  // For other calls to the same server.
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  static constexpr size_t kWindow = 256;

  enum class Command { kNode, kChange, kPing };

  void OnStarted(bool ok);
  void OnWritten(bool ok);
  void OnRead(bool ok);
  void OnFinished(bool ok);
  void OnTimeout(bool ok);
  void OnPingDue(bool ok);

  void HandleAnswer();
  // Writes the next command if there is one and room for it.
  void Pump();
  void Write(Command command, const v1::RegisterRequest& request);
  void SetTimeout();
  void SetPing();
  void Finish();
  // Calls `ended` when gRPC owes nothing any more; the last thing in a turn.
  void EndTurn();

  const Spec spec_;
  grpc::CompletionQueue* const queue_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::LookupService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientAsyncReaderWriter<v1::RegisterRequest, v1::RegisterResponse>>
      stream_;
  v1::RegisterResponse response_;
  grpc::Status finish_status_;

  std::shared_ptr<const Names> has_;
  std::shared_ptr<const Names> told_;
  std::vector<NameChange> changes_;  // the way to told_
  size_t next_change_ = 0;
  std::deque<Command> unanswered_;
  absl::Time answer_due_;
  absl::Duration ping_interval_;

  int pending_ = 0;  // operations that gRPC has not answered yet
  bool started_ = false;
  bool writing_ = false;
  bool timing_ = false;
  bool ping_set_ = false;
  bool ping_due_ = false;
  bool finishing_ = false;
  bool finished_ = false;
  absl::Status end_;

  grpc::Alarm timeout_;
  grpc::Alarm ping_;
  MemberEvent<LookupSession, &LookupSession::OnStarted> start_done_{this};
  MemberEvent<LookupSession, &LookupSession::OnWritten> write_done_{this};
  MemberEvent<LookupSession, &LookupSession::OnRead> read_done_{this};
  MemberEvent<LookupSession, &LookupSession::OnFinished> finish_done_{this};
  MemberEvent<LookupSession, &LookupSession::OnTimeout> timeout_done_{this};
  MemberEvent<LookupSession, &LookupSession::OnPingDue> ping_done_{this};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_ANNOUNCE_LOOKUP_SESSION_H_
