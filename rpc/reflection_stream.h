// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_REFLECTION_STREAM_H_
#define SLUICE_RPC_REFLECTION_STREAM_H_

#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "rpc/completion_thread.h"
#include "rpc/live_calls.h"

namespace sluice {

// The reflection service, as it is called now and as older clients call it. The
// messages are the same, byte for byte, so they are handed on unparsed. gRPC's
// own v1alpha service is not used: it would be the only synchronous one, and
// cost the node threads that wait for it.
using ReflectionV1Service =
    grpc::reflection::v1::ServerReflection::WithRawMethod_ServerReflectionInfo<
        grpc::reflection::v1::ServerReflection::Service>;
using ReflectionV1AlphaService = grpc::reflection::v1alpha::ServerReflection::
    WithRawMethod_ServerReflectionInfo<
        grpc::reflection::v1alpha::ServerReflection::Service>;

// One call of ServerReflectionInfo: read a question, write the answer, and so
// on until the half-close. One operation is under way at any moment. Owns
// itself from Accept on. `Service` is one of the two above.
template <typename Service>
class ReflectionStream final : public LiveCall {
 public:
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
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream_{
      &call_};
  grpc::ByteBuffer request_frame_;

  MemberEvent<ReflectionStream, &ReflectionStream::OnAccepted> accepted_{this};
  MemberEvent<ReflectionStream, &ReflectionStream::OnRead> read_{this};
  MemberEvent<ReflectionStream, &ReflectionStream::OnWritten> written_{this};
  MemberEvent<ReflectionStream, &ReflectionStream::OnFinished> finished_{this};
};

}  // namespace sluice

#endif  // SLUICE_RPC_REFLECTION_STREAM_H_
