// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/consume_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/frames.h"

namespace sluice {
namespace {

constexpr char kMethod[] = "/sluice.v1.SubscriberService/Subscribe";

}  // namespace

void ConsumeProgress::Add(uint64_t messages, uint64_t body_bytes) {
  messages_ += messages;
  body_bytes_ += body_bytes;
  if (messages_ >= goal_) Close();
}

void ConsumeProgress::Close() {
  if (closed_) return;
  closed_ = true;
  for (ConsumeStream* stream : streams_) stream->Close();
}

ConsumeStream::ConsumeStream(const std::shared_ptr<grpc::Channel>& channel,
                             grpc::CompletionQueue* queue,
                             ConsumeOptions options, ConsumeProgress* progress)
    : options_(std::move(options)),
      progress_(progress),
      call_(grpc::GenericStub(channel).PrepareCall(&context_, kMethod, queue)) {
  progress->Join(this);
}

void ConsumeStream::Start() { call_->StartCall(&on_started_); }

void ConsumeStream::OnStarted(bool ok) {
  if (!ok) return End();
  call_->Read(&response_, &on_read_);
  v1::SubscribeRequest request;
  v1::Open& open = *request.mutable_open();
  open.set_topic(options_.topic);
  open.set_channel(options_.channel);
  open.set_client_id("load");
  open.set_user_agent("sluice-bench");
  open.set_start(v1::START_POSITION_EARLIEST);
  Send(request, /*more_follow=*/false);
}

void ConsumeStream::Consume() {
  consuming_ = true;
  Write();
}

void ConsumeStream::Close() {
  closing_ = true;
  Write();
}

void ConsumeStream::Write() {
  if (writing_ || finishing_ || !opened_) return;
  v1::SubscribeRequest request;
  if (consuming_ && !ready_sent_ && !closing_) {
    ready_sent_ = true;
    request.mutable_ready()->set_count(options_.ready);
    Send(request, /*more_follow=*/false);
  } else if (closing_ && !close_sent_) {
    close_sent_ = true;
    request.mutable_close();
    Send(request, /*more_follow=*/false);
  } else if (finished_ids_sent_ < finished_ids_.size()) {
    SendFinish();
  }
}

void ConsumeStream::SendFinish() {
  const size_t waiting = finished_ids_.size() - finished_ids_sent_;
  const size_t count = options_.finishes_per_frame == 0
                           ? waiting
                           : std::min(waiting, options_.finishes_per_frame);
  const auto first = finished_ids_.begin() + finished_ids_sent_;
  auto& ids = *finish_.mutable_finish()->mutable_delivery_ids();
  ids.Clear();
  ids.Add(first, first + count);
  finished_ids_sent_ += count;
  if (finished_ids_sent_ == finished_ids_.size()) {
    finished_ids_.clear();
    finished_ids_sent_ = 0;
  }
  Send(finish_, /*more_follow=*/!finished_ids_.empty());
}

void ConsumeStream::Send(const v1::SubscribeRequest& request,
                         bool more_follow) {
  writing_ = true;
  grpc::WriteOptions options;
  if (more_follow) options.set_buffer_hint();
  call_->Write(Serialize(request), options, &on_written_);
}

void ConsumeStream::OnWritten(bool ok) {
  writing_ = false;
  if (ok) Write();
}

void ConsumeStream::OnRead(bool ok) {
  if (!ok) return End();
  const size_t before = finished_ids_.size();
  uint64_t body_bytes = 0;
  const auto event = ReadDeliveries(response_, &finished_ids_, &body_bytes);
  switch (event) {
    case v1::SubscribeResponse::kDeliveries:
      progress_->Add(finished_ids_.size() - before, body_bytes);
      break;
    case v1::SubscribeResponse::kOpened:
      opened_ = true;
      break;
    case v1::SubscribeResponse::kResults:
      HandleResults();
      break;
    case v1::SubscribeResponse::kClosed:
      closed_ = true;
      break;
    case v1::SubscribeResponse::kDraining:
      progress_->Fail(absl::UnavailableError("the node is draining"));
      break;
    case v1::SubscribeResponse::EVENT_NOT_SET:
      progress_->Fail(absl::DataLossError("unreadable subscribe response"));
      break;
  }
  call_->Read(&response_, &on_read_);
  Write();
}

// Successes are not confirmed, so every result is a failure.
void ConsumeStream::HandleResults() {
  v1::SubscribeResponse response;
  Parse(response_, &response);
  for (const v1::CommandResult& result : response.results().results()) {
    if (result.outcome() == v1::COMMAND_OUTCOME_OK) continue;
    progress_->Fail(absl::FailedPreconditionError(
        absl::StrCat("finish of delivery ", result.delivery_id(), " answered ",
                     v1::CommandOutcome_Name(result.outcome()))));
  }
}

void ConsumeStream::End() {
  if (finishing_) return;
  finishing_ = true;
  call_->Finish(&status_, &on_ended_);
}

void ConsumeStream::OnEnded(bool) {
  ended_ = true;
  if (!status_.ok()) {
    progress_->Fail(absl::Status(
        static_cast<absl::StatusCode>(status_.error_code()),
        absl::StrCat("subscribe stream: ", status_.error_message())));
  }
}

}  // namespace sluice
