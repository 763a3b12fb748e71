// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/reflection_stream.h"

#include "server/rpc/reflection_v1.h"

namespace sluice {

void ReflectionStream::Accept(Service& service,
                              const std::vector<std::string>& services,
                              LiveCalls& live_calls, CompletionThread& thread) {
  auto* const stream =
      new ReflectionStream(service, services, live_calls, thread);
  service.RequestServerReflectionInfo(&stream->call_, &stream->stream_,
                                      thread.queue(), thread.queue(),
                                      stream->accepted_.tag());
}

ReflectionStream::ReflectionStream(Service& service,
                                   const std::vector<std::string>& services,
                                   LiveCalls& live_calls,
                                   CompletionThread& thread)
    : service_(service),
      services_(services),
      live_calls_(live_calls),
      thread_(thread) {
  live_calls_.Expect();
}

ReflectionStream::~ReflectionStream() { live_calls_.Remove(this); }

void ReflectionStream::OnAccepted(bool ok) {
  if (!ok) {  // the server shuts down
    delete this;
    return;
  }
  Accept(service_, services_, live_calls_, thread_);
  live_calls_.Add(this);
  Read();
}

void ReflectionStream::Read() { stream_.Read(&request_, read_.tag()); }

void ReflectionStream::OnRead(bool ok) {
  if (!ok) {
    stream_.Finish(grpc::Status::OK, finished_.tag());
    return;
  }
  grpc::reflection::v1::ServerReflectionResponse response;
  AnswerReflection(services_, request_, &response);
  stream_.Write(response, written_.tag());
}

// A client that is gone shows in the next read.
void ReflectionStream::OnWritten(bool) { Read(); }

void ReflectionStream::OnFinished(bool) { delete this; }

}  // namespace sluice
