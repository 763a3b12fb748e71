// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_REFLECTION_STREAM_H_
#define SLUICE_SERVER_RPC_REFLECTION_STREAM_H_

#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "server/rpc/completion_thread.h"
#include "server/rpc/live_calls.h"

namespace sluice {

// One call of grpc.reflection.v1.ServerReflection: read a question, write the
// answer, and so on until the half-close. One operation is under way at any
// moment. Owns itself from Accept on.
class ReflectionStream final : public LiveCall {
 public:
  using Service = grpc::reflection::v1::ServerReflection::AsyncService;

  // Waits for the next stream, on `thread`. `services` are the names to list;
  // all arguments outlive all streams.
  static void Accept(Service& service, const std::vector<std::string>& services,
                     LiveCalls& live_calls, CompletionThread& thread);

 private:
  ReflectionStream(Service& service, const std::vector<std::string>& services,
                   LiveCalls& live_calls, CompletionThread& thread);
  ~ReflectionStream();

  void OnAccepted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnStop() override { call_.TryCancel(); }

  void Read();

  Service& service_;
  const std::vector<std::string>& services_;
  LiveCalls& live_calls_;
  CompletionThread& thread_;

  grpc::ServerContext call_;
  grpc::ServerAsyncReaderWriter<grpc::reflection::v1::ServerReflectionResponse,
                                grpc::reflection::v1::ServerReflectionRequest>
      stream_{&call_};
  grpc::reflection::v1::ServerReflectionRequest request_;

  MemberEvent<ReflectionStream, &ReflectionStream::OnAccepted> accepted_{this};
  MemberEvent<ReflectionStream, &ReflectionStream::OnRead> read_{this};
  MemberEvent<ReflectionStream, &ReflectionStream::OnWritten> written_{this};
  MemberEvent<ReflectionStream, &ReflectionStream::OnFinished> finished_{this};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_REFLECTION_STREAM_H_
