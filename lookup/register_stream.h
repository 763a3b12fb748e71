// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_REGISTER_STREAM_H_
#define SLUICE_LOOKUP_REGISTER_STREAM_H_

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "lookup/lookup_context.h"
#include "rpc/completion_threads.h"
#include "rpc/live_calls.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {

// One call of LookupService.Register, a node for as long as it lives:
//
//   1. Accept; at once wait for the next stream. Send the initial metadata.
//   2. Read a command, do it, answer it, read the next. One operation is under
//      way at any moment, so a node that sends faster is not read.
//   3. A wrong command ends the stream with its error. Whatever ends it, the
//      node is gone from the registry before the stream is.
//
// All state is of one completion thread. Owns itself from Accept on.
class RegisterStream final : public LiveCall {
 public:
  using Service = v1::LookupService::AsyncService;

  // Waits for the next stream.
  static void Accept(Service& service, LookupContext& context,
                     CompletionThreads& threads);

 private:
  RegisterStream(Service& service, LookupContext& context,
                 CompletionThreads& threads);
  ~RegisterStream();

  void OnAccepted(bool ok);
  void OnStarted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnStop() override { call_.TryCancel(); }

  // Does what the request says; `known` is what the answer tells.
  absl::Status Handle(bool* known);
  absl::Status HandleNode();
  // The node goes, and the stream with it.
  void Finish(const absl::Status& status);

  Service& service_;
  LookupContext& context_;
  CompletionThreads& threads_;
  CompletionThread& thread_;

  grpc::ServerContext call_;
  grpc::ServerAsyncReaderWriter<v1::RegisterResponse, v1::RegisterRequest>
      stream_{&call_};
  v1::RegisterRequest request_;
  absl::optional<LookupRegistry::StreamId> id_;  // once it said who it is

  MemberEvent<RegisterStream, &RegisterStream::OnAccepted> accepted_{this};
  MemberEvent<RegisterStream, &RegisterStream::OnStarted> started_{this};
  MemberEvent<RegisterStream, &RegisterStream::OnRead> read_{this};
  MemberEvent<RegisterStream, &RegisterStream::OnWritten> written_{this};
  MemberEvent<RegisterStream, &RegisterStream::OnFinished> finished_{this};
};

}  // namespace sluice

#endif  // SLUICE_LOOKUP_REGISTER_STREAM_H_
