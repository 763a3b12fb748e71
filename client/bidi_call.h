// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_BIDI_CALL_H_
#define SLUICE_CLIENT_BIDI_CALL_H_

#include <functional>
#include <memory>
#include <utility>

#include "client/event_loop.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/status.h"

namespace sluice {

// One call with a stream each way, on an EventLoop: reads all the time, writes
// when it is told to. Owns itself while gRPC has operations of it; whoever
// started it holds it too, and calls Detach when it loses interest.
//
// On the loop only.
template <typename Request, typename Response>
class BidiCall final
    : public std::enable_shared_from_this<BidiCall<Request, Response>> {
 public:
  using Stream = grpc::ClientAsyncReaderWriter<Request, Response>;
  using Prepare = std::function<std::unique_ptr<Stream>(
      grpc::ClientContext*, grpc::CompletionQueue*)>;

  // Told on the loop. Any of these may detach.
  class Owner {
   public:
    virtual ~Owner() = default;
    // The call is on a connection.
    virtual void OnCallStarted() = 0;
    // The response may be taken apart.
    virtual void OnCallResponse(Response* response) = 0;
    // The write is done and the next may come.
    virtual void OnCallWritable() = 0;
    // Last, and once.
    virtual void OnCallEnded(const grpc::Status& status) = 0;
  };

  BidiCall(EventLoop* loop, Owner* owner) : loop_(loop), owner_(owner) {}

  void Start(const Prepare& prepare) {
    lease_ = std::make_unique<EventLoop::Lease>(loop_);
    self_ = this->shared_from_this();
    stream_ = prepare(&context_, loop_->queue());
    stream_->StartCall(on_started_.tag());
  }

  // A call that is not writable takes no Write.
  bool writable() const {
    return started_ && !writing_ && !half_closed_ && !finishing_;
  }
  void Write(const Request& request) {
    writing_ = true;
    stream_->Write(request, on_written_.tag());
  }
  // When what is being written is written. No Write after it.
  void HalfClose() {
    if (half_closed_) return;
    half_closed_ = true;
    MaybeHalfClose();
  }
  // Ends it soon, with CANCELLED unless it has ended otherwise.
  void Cancel() { context_.TryCancel(); }
  // Cancels, and tells the owner nothing more.
  void Detach() {
    owner_ = nullptr;
    context_.TryCancel();
  }

 private:
  void OnStarted(bool ok) {
    if (!ok) return Finish();
    started_ = true;
    stream_->Read(&response_, on_read_.tag());
    MaybeHalfClose();
    if (owner_ != nullptr) owner_->OnCallStarted();
  }

  void OnRead(bool ok) {
    if (!ok) return Finish();
    if (owner_ != nullptr) owner_->OnCallResponse(&response_);
    stream_->Read(&response_, on_read_.tag());
  }

  void OnWritten(bool ok) {
    writing_ = false;
    if (finished_) return Release();
    MaybeHalfClose();
    if (ok && owner_ != nullptr && writable()) owner_->OnCallWritable();
  }

  void MaybeHalfClose() {
    if (!half_closed_ || !started_ || writing_ || finishing_ ||
        half_close_sent_) {
      return;
    }
    half_close_sent_ = true;
    writing_ = true;
    stream_->WritesDone(on_written_.tag());
  }

  void Finish() {
    finishing_ = true;
    stream_->Finish(&status_, on_finished_.tag());
  }

  void OnFinished(bool) {
    finished_ = true;
    if (owner_ != nullptr) std::exchange(owner_, nullptr)->OnCallEnded(status_);
    if (!writing_) Release();
  }

  void Release() {
    const auto self = std::move(self_);
    const auto lease = std::move(lease_);
  }

  EventLoop* const loop_;
  Owner* owner_;
  std::unique_ptr<EventLoop::Lease> lease_;
  std::shared_ptr<BidiCall> self_;
  grpc::ClientContext context_;
  std::unique_ptr<Stream> stream_;
  Response response_;
  grpc::Status status_;
  bool started_ = false;
  bool writing_ = false;
  bool half_closed_ = false;
  bool half_close_sent_ = false;
  bool finishing_ = false;
  bool finished_ = false;

  MemberLoopEvent<BidiCall, &BidiCall::OnStarted> on_started_{this};
  MemberLoopEvent<BidiCall, &BidiCall::OnRead> on_read_{this};
  MemberLoopEvent<BidiCall, &BidiCall::OnWritten> on_written_{this};
  MemberLoopEvent<BidiCall, &BidiCall::OnFinished> on_finished_{this};
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_BIDI_CALL_H_
