// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/null_service.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <chrono>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bench/event.h"
#include "bench/null_conversation.h"

namespace sluice {
namespace {

// A call: waits to be made, is served by the thread of its queue, and deletes
// itself at its end.
class NullCall {
 public:
  NullCall(const NullConversationOptions& options,
           grpc::AsyncGenericService* service,
           grpc::ServerCompletionQueue* queue)
      : options_(options),
        service_(service),
        queue_(queue),
        stream_(&server_context_) {
    service_->RequestCall(&server_context_, &stream_, queue_, queue_,
                          &on_called_);
  }

 private:
  void OnCalled(bool ok) {
    if (!ok) {
      delete this;
      return;
    }
    new NullCall(options_, service_, queue_);
    conversation_ = MakeNullConversation(server_context_.method(), options_);
    if (conversation_ == nullptr) {
      return Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, ""));
    }
    writing_ = true;  // the metadata
    stream_.SendInitialMetadata(&on_written_);
    Read();
  }

  void Read() {
    reading_ = true;
    stream_.Read(&request_, &on_read_);
  }

  void OnRead(bool ok) {
    reading_ = false;
    if (!ok) {
      half_closed_ = true;
      conversation_->HalfClose();
    } else if (conversation_->Receive(request_)) {
      Read();
    } else {
      bad_request_ = true;
    }
    Write();
  }

  void OnWritten(bool ok) {
    writing_ = false;
    broken_ = broken_ || !ok;
    Write();
  }

  void Write() {
    if (writing_) return;
    grpc::ByteBuffer response;
    if (broken_ || bad_request_) {
      Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, ""));
    } else if (conversation_->Next(&response)) {
      writing_ = true;
      stream_.Write(response, &on_written_);
    } else if (conversation_->over() || half_closed_) {
      Finish(grpc::Status::OK);
    }
  }

  void Finish(const grpc::Status& status) {
    if (finishing_) return MaybeDelete();
    finishing_ = true;
    stream_.Finish(status, &on_finished_);
  }

  void OnFinished(bool) {
    finished_ = true;
    MaybeDelete();
  }

  // The last event of a call whose Finish is done: the read that it broke off.
  void MaybeDelete() {
    if (finished_ && !reading_ && !writing_) delete this;
  }

  const NullConversationOptions& options_;
  grpc::AsyncGenericService* const service_;
  grpc::ServerCompletionQueue* const queue_;
  grpc::GenericServerContext server_context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  std::unique_ptr<NullConversation> conversation_;
  grpc::ByteBuffer request_;
  bool reading_ = false;
  bool writing_ = false;
  bool half_closed_ = false;
  bool bad_request_ = false;
  bool broken_ = false;
  bool finishing_ = false;
  bool finished_ = false;

  MethodEvent<NullCall, &NullCall::OnCalled> on_called_{this};
  MethodEvent<NullCall, &NullCall::OnRead> on_read_{this};
  MethodEvent<NullCall, &NullCall::OnWritten> on_written_{this};
  MethodEvent<NullCall, &NullCall::OnFinished> on_finished_{this};
};

void Serve(const NullConversationOptions& options,
           grpc::AsyncGenericService* service,
           grpc::ServerCompletionQueue* queue) {
  new NullCall(options, service, queue);
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<Event*>(tag)->Done(ok);
}

void AddChannelArguments(const NullServiceOptions& options,
                         grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(-1);
  if (options.tcp_read_chunk_bytes > 0) {
    builder->AddChannelArgument(GRPC_ARG_TCP_READ_CHUNK_SIZE,
                                options.tcp_read_chunk_bytes);
    builder->AddChannelArgument("grpc.experimental.tcp_max_read_chunk_size",
                                options.tcp_read_chunk_bytes);
  }
  if (options.http2_frame_bytes > 0) {
    builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_FRAME_SIZE,
                                options.http2_frame_bytes);
  }
  if (options.http2_lookahead_bytes > 0) {
    builder->AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES,
                                options.http2_lookahead_bytes);
  }
  if (!options.bandwidth_probe) {
    builder->AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<NullService>> NullService::Start(
    const NullServiceOptions& options) {
  std::unique_ptr<NullService> service(new NullService);
  service->options_ = options;
  grpc::ServerBuilder builder;
  AddChannelArguments(options, &builder);
  builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(),
                           &service->port_);
  builder.RegisterAsyncGenericService(&service->service_);
  for (int i = 0; i < options.threads; ++i) {
    service->queues_.push_back(builder.AddCompletionQueue());
  }
  service->server_ = builder.BuildAndStart();
  if (service->server_ == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", options.address));
  }
  for (auto& queue : service->queues_) {
    service->threads_.emplace_back([raw = service.get(), q = queue.get()] {
      Serve(raw->options_.conversation, &raw->service_, q);
    });
  }
  return service;
}

NullService::~NullService() {
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
  for (auto& queue : queues_) queue->Shutdown();
  if (threads_.empty()) {
    void* tag = nullptr;
    bool ok = false;
    for (auto& queue : queues_) {
      while (queue->Next(&tag, &ok)) {
      }
    }
  }
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace sluice
