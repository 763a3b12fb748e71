// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/reflection_stream.h"

#include "grpcpp/impl/codegen/proto_utils.h"
#include "rpc/reflection_v1.h"

namespace sluice {

namespace reflection = grpc::reflection::v1;

template <typename Service>
void ReflectionStream<Service>::Accept(Service& service,
                                       const std::vector<std::string>& services,
                                       LiveCalls& live_calls,
                                       CompletionThread& thread) {
  auto* const stream =
      new ReflectionStream(service, services, live_calls, thread);
  service.RequestServerReflectionInfo(&stream->call_, &stream->stream_,
                                      thread.queue(), thread.queue(),
                                      stream->accepted_.tag());
}

template <typename Service>
ReflectionStream<Service>::ReflectionStream(
    Service& service, const std::vector<std::string>& services,
    LiveCalls& live_calls, CompletionThread& thread)
    : service_(service),
      services_(services),
      live_calls_(live_calls),
      thread_(thread) {
  live_calls_.Expect();
}

template <typename Service>
ReflectionStream<Service>::~ReflectionStream() {
  live_calls_.Remove(this);
}

template <typename Service>
void ReflectionStream<Service>::OnAccepted(bool ok) {
  if (!ok) {  // the server shuts down
    delete this;
    return;
  }
  Accept(service_, services_, live_calls_, thread_);
  live_calls_.Add(this);
  Read();
}

template <typename Service>
void ReflectionStream<Service>::Read() {
  stream_.Read(&request_frame_, read_.tag());
}

template <typename Service>
void ReflectionStream<Service>::OnRead(bool ok) {
  if (!ok) {
    stream_.Finish(grpc::Status::OK, finished_.tag());
    return;
  }
  reflection::ServerReflectionRequest request;
  const grpc::Status parsed = grpc::SerializationTraits<
      reflection::ServerReflectionRequest>::Deserialize(&request_frame_,
                                                        &request);
  if (!parsed.ok()) {
    stream_.Finish(parsed, finished_.tag());
    return;
  }
  reflection::ServerReflectionResponse response;
  AnswerReflection(services_, request, &response);
  grpc::ByteBuffer frame;
  bool own_buffer = false;
  grpc::SerializationTraits<reflection::ServerReflectionResponse>::Serialize(
      response, &frame, &own_buffer);
  stream_.Write(frame, written_.tag());
}

// A client that is gone shows in the next read.
template <typename Service>
void ReflectionStream<Service>::OnWritten(bool) {
  Read();
}

template <typename Service>
void ReflectionStream<Service>::OnFinished(bool) {
  delete this;
}

template class ReflectionStream<ReflectionV1Service>;
template class ReflectionStream<ReflectionV1AlphaService>;

}  // namespace sluice
