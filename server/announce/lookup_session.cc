// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/announce/lookup_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpc/grpc.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "rpc/time_conversion.h"

namespace sluice {
namespace {

// For servers that answer with nonsense.
constexpr absl::Duration kShortestPing = absl::Milliseconds(50);

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target) {
  grpc::ChannelArguments arguments;
  // A connection of our own, and its name resolved for it: gRPC would share
  // one with its predecessor, and that one's pauses after failures.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("dns:///", target),
                                   grpc::InsecureChannelCredentials(),
                                   arguments);
}

absl::Status ToStatus(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

}  // namespace

LookupSession::LookupSession(Spec spec, grpc::CompletionQueue* queue)
    : spec_(std::move(spec)),
      queue_(queue),
      channel_(MakeChannel(spec_.target)),
      stub_(v1::LookupService::NewStub(channel_)) {}

void LookupSession::Start(std::shared_ptr<const Names> names) {
  has_ = std::move(names);
  told_ = std::make_shared<const Names>();
  stream_ = stub_->PrepareAsyncRegister(&context_, queue_);
  ++pending_;
  stream_->StartCall(start_done_.tag());
  answer_due_ = absl::Now() + spec_.answer_timeout;
  SetTimeout();
}

void LookupSession::Announce(std::shared_ptr<const Names> names) {
  has_ = std::move(names);
  if (started_) Pump();
}

void LookupSession::End(const absl::Status& why) {
  if (end_.ok()) end_ = why;
  context_.TryCancel();
  timeout_.Cancel();
  ping_.Cancel();
}

// --- Completions ---------------------------------------------------------

void LookupSession::OnStarted(bool ok) {
  --pending_;
  if (ok && end_.ok()) {
    v1::RegisterRequest request;
    *request.mutable_node() = spec_.node;
    Write(Command::kNode, request);
    ++pending_;
    stream_->Read(&response_, read_done_.tag());
  } else {
    Finish();
  }
  EndTurn();
}

void LookupSession::OnWritten(bool ok) {
  --pending_;
  writing_ = false;
  // A write that failed shows in the read.
  if (ok && started_) Pump();
  EndTurn();
}

void LookupSession::OnRead(bool ok) {
  --pending_;
  if (ok && end_.ok() && !unanswered_.empty()) {
    HandleAnswer();
    ++pending_;
    stream_->Read(&response_, read_done_.tag());
  } else {
    if (ok) context_.TryCancel();  // an answer to nothing
    Finish();
  }
  EndTurn();
}

void LookupSession::HandleAnswer() {
  const Command command = unanswered_.front();
  unanswered_.pop_front();
  answer_due_ = absl::Now() + spec_.answer_timeout;
  const auto interval = FromWire("ping_interval", response_.ping_interval());
  ping_interval_ =
      std::max(interval.value_or(absl::ZeroDuration()), kShortestPing);
  if (command == Command::kNode) {
    started_ = true;
    spec_.registered(ping_interval_);
    SetPing();
  } else if (command == Command::kPing && !response_.known()) {
    told_ = std::make_shared<const Names>();
  }
  Pump();
}

void LookupSession::OnTimeout(bool) {
  --pending_;
  timing_ = false;
  if (!finishing_ && end_.ok() && !(started_ && unanswered_.empty())) {
    if (answer_due_ <= absl::Now()) {
      End(absl::DeadlineExceededError(
          absl::StrCat("it does not answer within ",
                       absl::FormatDuration(spec_.answer_timeout))));
    } else {
      SetTimeout();
    }
  }
  EndTurn();
}

void LookupSession::OnPingDue(bool ok) {
  --pending_;
  ping_set_ = false;
  if (ok && !finishing_ && end_.ok()) {
    ping_due_ = true;
    Pump();
    SetPing();
  }
  EndTurn();
}

void LookupSession::OnFinished(bool) {
  --pending_;
  finished_ = true;
  timeout_.Cancel();
  ping_.Cancel();
  if (end_.ok()) {
    end_ = finish_status_.ok()
               ? absl::UnavailableError("it ended the registration")
               : ToStatus(finish_status_);
  }
  EndTurn();
}

// --- Moving on -----------------------------------------------------------

void LookupSession::Pump() {
  if (writing_ || finishing_ || !end_.ok() || kWindow <= unanswered_.size()) {
    return;
  }
  if (next_change_ == changes_.size() && told_ != has_) {
    changes_ = ChangesBetween(*told_, *has_);
    next_change_ = 0;
    told_ = has_;
  }
  v1::RegisterRequest request;
  if (next_change_ < changes_.size()) {
    const NameChange& change = changes_[next_change_++];
    v1::Registration* const registration =
        change.add ? request.mutable_add() : request.mutable_remove();
    registration->set_topic(change.name.topic);
    registration->set_channel(change.name.channel);
    Write(Command::kChange, request);
  } else if (ping_due_) {
    ping_due_ = false;
    request.mutable_ping();
    Write(Command::kPing, request);
  }
}

void LookupSession::Write(Command command, const v1::RegisterRequest& request) {
  if (unanswered_.empty()) answer_due_ = absl::Now() + spec_.answer_timeout;
  unanswered_.push_back(command);
  writing_ = true;
  ++pending_;
  stream_->Write(request, write_done_.tag());
  SetTimeout();
}

void LookupSession::SetTimeout() {
  if (timing_) return;
  timing_ = true;
  ++pending_;
  timeout_.Set(queue_, absl::ToChronoTime(answer_due_), timeout_done_.tag());
}

void LookupSession::SetPing() {
  if (ping_set_) return;
  ping_set_ = true;
  ++pending_;
  ping_.Set(queue_, absl::ToChronoTime(absl::Now() + ping_interval_),
            ping_done_.tag());
}

void LookupSession::Finish() {
  if (finishing_) return;
  finishing_ = true;
  timeout_.Cancel();
  ping_.Cancel();
  ++pending_;
  stream_->Finish(&finish_status_, finish_done_.tag());
}

void LookupSession::EndTurn() {
  if (!finished_ || pending_ > 0) return;
  // Copies: the session goes with the call.
  const auto ended = spec_.ended;
  const absl::Status why = end_;
  ended(why);
}

}  // namespace sluice
