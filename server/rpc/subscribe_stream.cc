// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/subscribe_stream.h"

#include <utility>

#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "grpc/support/time.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "rpc/status_conversion.h"
#include "rpc/time_conversion.h"
#include "server/rpc/open_conversion.h"
#include "server/rpc/refusals.h"

namespace sluice {
namespace {

// Keeps a frame modest, whatever RDY says: the client's work on the first
// message should not wait for the thousandth.
constexpr TakeLimit kTakeLimit = {/*messages=*/1000, /*body_bytes=*/1 << 20};

// A lease that times out tells nobody; while closing, that is looked for.
constexpr absl::Duration kClosingPollInterval = absl::Milliseconds(200);

using DeliveryIds = google::protobuf::RepeatedField<uint64_t>;

absl::Span<const DeliveryId> SpanOf(const DeliveryIds& ids) {
  return absl::MakeConstSpan(ids.data(), static_cast<size_t>(ids.size()));
}

grpc::ByteBuffer Serialize(const v1::SubscribeResponse& response) {
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  grpc::SerializationTraits<v1::SubscribeResponse>::Serialize(response, &bytes,
                                                              &own_buffer);
  return bytes;
}

}  // namespace

// --- Beginning and end of the call ---------------------------------------

void SubscribeStream::Accept(Service& service, RpcContext& context,
                             CompletionThreads& threads) {
  auto* const stream = new SubscribeStream(service, context, threads);
  stream->call_.AsyncNotifyWhenDone(stream->call_done_.tag());
  service.RequestSubscribe(&stream->call_, &stream->stream_,
                           stream->thread_.queue(), threads.acceptor().queue(),
                           stream->accept_done_.tag());
}

SubscribeStream::SubscribeStream(Service& service, RpcContext& context,
                                 CompletionThreads& threads)
    : service_(service),
      context_(context),
      threads_(threads),
      thread_(threads.Next()),
      inbox_(std::make_shared<StreamInbox>(std::make_shared<WakeSignal>(
          thread_.queue(), [this] { OnWake(); }))) {
  context_.live_calls.Expect();
}

SubscribeStream::~SubscribeStream() {
  inbox_->Close();
  context_.live_calls.Remove(this);
}

// On the acceptor's thread: all that follows is the stream's own thread's.
void SubscribeStream::OnAccepted(bool ok) {
  if (!ok) {  // the server shuts down; no other event comes
    delete this;
    return;
  }
  Accept(service_, context_, threads_);
  stream_.SendInitialMetadata(start_done_.tag());
}

void SubscribeStream::OnStarted(bool) {
  inbox_->BeginTurn();
  --pending_;
  context_.live_calls.Add(this);
  ReadNext();
  EndTurn();
}

void SubscribeStream::OnFinished(bool) {
  inbox_->BeginTurn();
  --pending_;
  EndTurn();
}

// The last of all in a good end; before that when the client cancels or is
// gone.
void SubscribeStream::OnDone(bool) {
  inbox_->BeginTurn();
  --pending_;
  gone_ = true;
  EndWith(absl::CancelledError("the client is gone"));
  EndTurn();
}

void SubscribeStream::OnWake() {
  inbox_->BeginTurn();
  EndTurn();
}

// Works off the news and writes what is due; ends the object when nothing can
// come any more.
void SubscribeStream::EndTurn() {
  Pump();
  StreamInbox::News news;
  while (inbox_->EndTurn(&news)) {
    Absorb(news);
    Pump();
  }
  if (pending_ == 0) delete this;
}

void SubscribeStream::Absorb(const StreamInbox::News& news) {
  if (news.messages_ready) {
    may_have_messages_ = true;
    // The write may take for ever, when the client does not read.
    if (writing_ && subscription_ != nullptr) subscription_->PassOn();
  }
  if (news.drain && !draining_) {
    draining_ = true;
    draining_due_ = phase_ == Phase::kOpen || phase_ == Phase::kClosing;
    if (subscription_ != nullptr) subscription_->SetReady(0, 0);
  }
  if (!news.channel_closed.ok() && subscription_ != nullptr) {
    EndWith(news.channel_closed);
  }
  if (news.stop) EndWith(NodeDrains());
}

void SubscribeStream::EndWith(const absl::Status& status) {
  Release();
  if (phase_ == Phase::kEnding) return;
  phase_ = Phase::kEnding;
  end_ = status;
}

// Gives the leases back.
void SubscribeStream::Release() {
  subscription_.reset();
  taken_.Drop();
}

// --- Commands ------------------------------------------------------------

void SubscribeStream::ReadNext() {
  if (reading_ || half_closed_ || gone_ || phase_ == Phase::kEnding ||
      results_.full()) {
    return;
  }
  reading_ = true;
  ++pending_;
  stream_.Read(&request_frame_, read_done_.tag());
}

void SubscribeStream::OnRead(bool ok) {
  inbox_->BeginTurn();
  --pending_;
  reading_ = false;
  if (ok) {
    Handle(&request_frame_);
  } else {
    HalfClose();
  }
  ReadNext();
  EndTurn();
}

void SubscribeStream::Handle(grpc::ByteBuffer* frame) {
  const grpc::Status parsed =
      grpc::SerializationTraits<v1::SubscribeRequest>::Deserialize(frame,
                                                                   &request_);
  if (parsed.ok()) {
    if (!FindChannels()) Handle(request_);
    return;
  }
  EndWith(MakeError(absl::StatusCode::kInternal, "INTERNAL",
                    "a frame does not hold a SubscribeRequest"));
}

bool SubscribeStream::FindChannels() {
  if (phase_ != Phase::kAwaitingOpen || !request_.has_open() ||
      !context_.MustFindChannels(request_.open().topic())) {
    return false;
  }
  reading_ = true;  // nothing else is read meanwhile
  ++pending_;
  context_.find_channels(
      request_.open().topic(), [this](Broker::Channels channels) {
        channels_ = std::move(channels);
        channels_found_.Set(thread_.queue(), gpr_time_0(GPR_CLOCK_MONOTONIC),
                            found_done_.tag());
      });
  return true;
}

void SubscribeStream::OnChannelsFound(bool) {
  inbox_->BeginTurn();
  --pending_;
  reading_ = false;
  Handle(request_);
  ReadNext();
  EndTurn();
}

void SubscribeStream::Handle(const v1::SubscribeRequest& request) {
  if (phase_ == Phase::kEnding) return;
  const auto command = request.command_case();
  if (command == v1::SubscribeRequest::COMMAND_NOT_SET) {
    return EndWith(OutOfOrder("command", "the request holds no command"));
  }
  const bool opens = command == v1::SubscribeRequest::kOpen;
  if (opens != (phase_ == Phase::kAwaitingOpen)) {
    return EndWith(OutOfOrder("open", opens
                                          ? "the stream is open already"
                                          : "the first command must be open"));
  }
  absl::Status status;
  switch (command) {
    case v1::SubscribeRequest::kOpen:
      status = Open(request.open());
      break;
    case v1::SubscribeRequest::kReady:
      status = SetReady(request.ready());
      break;
    case v1::SubscribeRequest::kFinish:
      status = Finish(request.finish());
      break;
    case v1::SubscribeRequest::kRequeue:
      status = Requeue(request.requeue());
      break;
    case v1::SubscribeRequest::kTouch:
      status = Touch(request.touch());
      break;
    case v1::SubscribeRequest::kClose:
      phase_ = Phase::kClosing;
      subscription_->SetReady(0, 0);
      break;
    case v1::SubscribeRequest::COMMAND_NOT_SET:
      break;
  }
  if (!status.ok()) EndWith(status);
}

absl::Status SubscribeStream::Open(const v1::Open& open) {
  if (context_.draining.load()) return NodeDrains();
  SLUICE_ASSIGN_OR_RETURN(const OpenRequest request,
                          CheckOpen(open, call_.peer(), context_.limits));
  SLUICE_ASSIGN_OR_RETURN(
      subscription_,
      context_.broker.Subscribe(open.topic(), open.channel(), request.start,
                                request.spec, inbox_, channels_));
  phase_ = Phase::kOpen;
  message_timeout_ = request.spec.message_timeout;
  auto_finish_ = request.spec.auto_finish;
  confirm_commands_ = request.confirm_commands;
  opened_due_ = true;
  ready_ = request.ready;
  may_have_messages_ = true;
  if (ready_ > 0) subscription_->SetReady(ready_, 0);
  return absl::OkStatus();
}

absl::Status SubscribeStream::SetReady(const v1::Ready& ready) {
  SLUICE_RETURN_IF_ERROR(
      CheckReady("ready.count", ready.count(), context_.limits));
  if (draining_ || phase_ == Phase::kClosing) return absl::OkStatus();
  ready_ = ready.count();
  may_have_messages_ = true;
  subscription_->SetReady(ready.count(), ready.bytes());
  return absl::OkStatus();
}

absl::Status SubscribeStream::Finish(const v1::Finish& finish) {
  SLUICE_RETURN_IF_ERROR(CheckDeliveryIds(
      "finish.delivery_ids", finish.delivery_ids_size(), context_.limits));
  subscription_->Finish(SpanOf(finish.delivery_ids()), &not_in_flight_);
  NoteResults(v1::COMMAND_KIND_FINISH, finish.delivery_ids());
  return absl::OkStatus();
}

absl::Status SubscribeStream::Requeue(const v1::Requeue& requeue) {
  SLUICE_ASSIGN_OR_RETURN(const absl::Duration delay,
                          FromWire("requeue.delay", requeue.delay()));
  SLUICE_RETURN_IF_ERROR(CheckDeliveryIds(
      "requeue.delivery_ids", requeue.delivery_ids_size(), context_.limits));
  subscription_->Requeue(SpanOf(requeue.delivery_ids()), delay,
                         requeue.keep_attempts(), &not_in_flight_);
  NoteResults(v1::COMMAND_KIND_REQUEUE, requeue.delivery_ids());
  return absl::OkStatus();
}

absl::Status SubscribeStream::Touch(const v1::Touch& touch) {
  SLUICE_RETURN_IF_ERROR(CheckDeliveryIds(
      "touch.delivery_ids", touch.delivery_ids_size(), context_.limits));
  subscription_->Touch(SpanOf(touch.delivery_ids()), &not_in_flight_);
  NoteResults(v1::COMMAND_KIND_TOUCH, touch.delivery_ids());
  return absl::OkStatus();
}

void SubscribeStream::NoteResults(v1::CommandKind kind,
                                  const DeliveryIds& ids) {
  results_.Add(kind, SpanOf(ids), not_in_flight_, confirm_commands_);
  not_in_flight_.clear();
  may_have_messages_ = true;  // there may be room under RDY again
}

void SubscribeStream::HalfClose() {
  half_closed_ = true;
  switch (phase_) {
    case Phase::kAwaitingOpen:
      return EndWith(OutOfOrder("open", "the stream ended without open"));
    case Phase::kOpen:
      if (auto_finish_) return;
      phase_ = Phase::kClosing;
      return Release();
    case Phase::kClosing:
      return Release();
    case Phase::kEnding:
      return;
  }
}

// --- Writing -------------------------------------------------------------

void SubscribeStream::OnWritten(bool ok) {
  inbox_->BeginTurn();
  --pending_;
  writing_ = false;
  if (!ok) {
    gone_ = true;
    EndWith(absl::CancelledError("the client is gone"));
  }
  ReadNext();  // results may have held it back
  EndTurn();
}

// Writes what is due, if nothing is being written.
void SubscribeStream::Pump() {
  if (writing_ || gone_ || finish_begun_) return;
  if (opened_due_ && subscription_ != nullptr) return WriteOpened();
  if (!results_.empty()) return WriteResults();
  if (phase_ == Phase::kEnding) {
    finish_begun_ = true;
    ++pending_;
    return stream_.Finish(ToGrpcStatus(end_), finish_done_.tag());
  }
  if (!taken_.empty()) return WriteDeliveries();
  if (draining_due_) {
    draining_due_ = false;
    v1::SubscribeResponse response;
    response.mutable_draining();
    return Write(response);
  }
  if (phase_ == Phase::kOpen) return Take();
  if (phase_ != Phase::kClosing) return;
  if (NothingLeased()) return WriteClosedAndFinish();
  PollWhileClosing();
}

void SubscribeStream::Take() {
  if (!may_have_messages_ || ready_ == 0 || draining_) return;
  if (subscription_->Take(kTakeLimit, taken_.Refill()) == 0) {
    may_have_messages_ = false;  // until the inbox says so
    return;
  }
  WriteDeliveries();
}

void SubscribeStream::Write(const v1::SubscribeResponse& response) {
  Write(Serialize(response));
}

void SubscribeStream::Write(const grpc::ByteBuffer& frame) {
  writing_ = true;
  ++pending_;
  stream_.Write(frame, write_done_.tag());
}

void SubscribeStream::WriteOpened() {
  opened_due_ = false;
  v1::SubscribeResponse response;
  ToWire(context_.identity, context_.limits, *subscription_, message_timeout_,
         response.mutable_opened());
  Write(response);
}

void SubscribeStream::WriteResults() {
  v1::SubscribeResponse response;
  results_.FillFrame(response.mutable_results());
  Write(response);
}

void SubscribeStream::WriteDeliveries() { Write(taken_.NextFrame()); }

void SubscribeStream::WriteClosedAndFinish() {
  Release();
  phase_ = Phase::kEnding;
  finish_begun_ = true;
  ++pending_;
  v1::SubscribeResponse response;
  response.mutable_closed();
  stream_.WriteAndFinish(Serialize(response), grpc::WriteOptions(),
                         grpc::Status::OK, finish_done_.tag());
}

// --- Closing -------------------------------------------------------------

bool SubscribeStream::NothingLeased() const {
  return subscription_ == nullptr || subscription_->in_flight() == 0;
}

void SubscribeStream::PollWhileClosing() {
  if (polling_) return;
  polling_ = true;
  ++pending_;
  closing_poll_.Set(thread_.queue(),
                    absl::ToChronoTime(absl::Now() + kClosingPollInterval),
                    poll_done_.tag());
}

void SubscribeStream::OnClosingPoll(bool) {
  inbox_->BeginTurn();
  --pending_;
  polling_ = false;
  EndTurn();
}

}  // namespace sluice
