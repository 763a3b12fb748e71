// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/register_stream.h"

#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "lookup/node_conversion.h"
#include "rpc/status_conversion.h"
#include "rpc/time_conversion.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

absl::Status OutOfOrder(absl::string_view field, absl::string_view message) {
  return InvalidArgument("OUT_OF_ORDER", field, message);
}

}  // namespace

void RegisterStream::Accept(Service& service, LookupContext& context,
                            CompletionThreads& threads) {
  auto* const stream = new RegisterStream(service, context, threads);
  service.RequestRegister(&stream->call_, &stream->stream_,
                          stream->thread_.queue(), threads.acceptor().queue(),
                          stream->accepted_.tag());
}

RegisterStream::RegisterStream(Service& service, LookupContext& context,
                               CompletionThreads& threads)
    : service_(service),
      context_(context),
      threads_(threads),
      thread_(threads.Next()) {
  context_.live_calls.Expect();
}

RegisterStream::~RegisterStream() { context_.live_calls.Remove(this); }

// On the acceptor's thread: all that follows is the stream's own thread's.
void RegisterStream::OnAccepted(bool ok) {
  if (!ok) {  // the server shuts down
    delete this;
    return;
  }
  Accept(service_, context_, threads_);
  stream_.SendInitialMetadata(started_.tag());
}

void RegisterStream::OnStarted(bool) {
  context_.live_calls.Add(this);
  stream_.Read(&request_, read_.tag());
}

void RegisterStream::OnRead(bool ok) {
  if (!ok) return Finish(absl::OkStatus());
  bool known = true;
  const absl::Status status = Handle(&known);
  if (!status.ok()) return Finish(status);
  v1::RegisterResponse response;
  ToWire(context_.ping_interval, response.mutable_ping_interval());
  response.set_known(known);
  stream_.Write(response, written_.tag());
}

// A node that is gone shows in the next read.
void RegisterStream::OnWritten(bool) { stream_.Read(&request_, read_.tag()); }

absl::Status RegisterStream::Handle(bool* known) {
  if (!id_.has_value()) {
    *known = false;
    return HandleNode();
  }
  LookupRegistry& registry = context_.registry;
  switch (request_.command_case()) {
    case v1::RegisterRequest::kAdd:
      SLUICE_RETURN_IF_ERROR(CheckRegistration("add", request_.add()));
      registry.Add(*id_, request_.add().topic(), request_.add().channel());
      return absl::OkStatus();
    case v1::RegisterRequest::kRemove:
      SLUICE_RETURN_IF_ERROR(CheckRegistration("remove", request_.remove()));
      registry.Remove(*id_, request_.remove().topic(),
                      request_.remove().channel());
      return absl::OkStatus();
    case v1::RegisterRequest::kPing:
      *known = registry.Ping(*id_);
      return absl::OkStatus();
    case v1::RegisterRequest::kNode:
      return OutOfOrder("node", "node must be the first command only");
    case v1::RegisterRequest::COMMAND_NOT_SET:
      break;
  }
  return OutOfOrder("command", "the request holds no command");
}

absl::Status RegisterStream::HandleNode() {
  if (!request_.has_node()) {
    return OutOfOrder("node", "the first command must be node");
  }
  SLUICE_ASSIGN_OR_RETURN(NodeRecord node, FromWire(request_.node()));
  spdlog::info("node {} of {} registers: gRPC on port {}, version {}",
               node.node_id, node.broadcast_address, node.grpc_port,
               node.version);
  id_ = context_.registry.Connect(std::move(node));
  context_.expiry.Reconsider();
  return absl::OkStatus();
}

void RegisterStream::Finish(const absl::Status& status) {
  if (id_.has_value()) {
    context_.registry.Disconnect(*id_);
    context_.expiry.Reconsider();
  }
  if (!status.ok()) {
    spdlog::warn("a registration from {} is refused: {}", call_.peer(),
                 std::string(status.message()));
  }
  stream_.Finish(ToGrpcStatus(status), finished_.tag());
}

void RegisterStream::OnFinished(bool) { delete this; }

}  // namespace sluice
