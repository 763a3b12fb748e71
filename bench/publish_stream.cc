// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/publish_stream.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bench/frames.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {
namespace {

constexpr char kMethod[] = "/sluice.v1.PublisherService/PublishStream";
constexpr size_t kArenaBlockBytes = 64 << 10;

// Frames up to this size wait for the next one, so that many go out with one
// system call; a bigger one is worth a call of its own.
constexpr size_t kSmallFrameBytes = 4 << 10;

google::protobuf::ArenaOptions ArenaIn(char* block) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = kArenaBlockBytes;
  return options;
}

}  // namespace

PublishStream::PublishStream(const std::shared_ptr<grpc::Channel>& channel,
                             grpc::CompletionQueue* queue,
                             const std::vector<grpc::ByteBuffer>& frames,
                             PublishProgress* progress)
    : frames_(frames),
      progress_(progress),
      call_(grpc::GenericStub(channel).PrepareCall(&context_, kMethod, queue)),
      arena_block_(new char[kArenaBlockBytes]),
      arena_(ArenaIn(arena_block_.get())) {
  for (size_t i = frames.size(); i > 0; --i) free_frames_.push_back(i - 1);
}

void PublishStream::Start() { call_->StartCall(&on_started_); }

void PublishStream::OnStarted(bool ok) {
  if (!ok) return End();
  started_ = true;
  call_->Read(&response_, &on_read_);
}

void PublishStream::Send() {
  if (writing_ || closing_ || finishing_ || free_frames_.empty() ||
      progress_->batches_to_send == 0) {
    return;
  }
  const grpc::ByteBuffer& frame = frames_[free_frames_.back()];
  free_frames_.pop_back();
  ++in_flight_;
  ++progress_->batches_in_flight;
  --progress_->batches_to_send;
  grpc::WriteOptions options;
  if (!free_frames_.empty() && progress_->batches_to_send > 0 &&
      frame.Length() <= kSmallFrameBytes) {
    options.set_buffer_hint();
  }
  writing_ = true;
  call_->Write(frame, options, &on_written_);
}

void PublishStream::OnWritten(bool ok) {
  writing_ = false;
  if (closing_) return HalfClose();
  if (ok) Send();
}

void PublishStream::OnRead(bool ok) {
  if (!ok) return End();
  auto& response =
      *google::protobuf::Arena::CreateMessage<v1::PublishStreamResponse>(
          &arena_);
  if (!Parse(response_, &response)) {
    progress_->error.Update(absl::DataLossError("unreadable publish results"));
  }
  for (const v1::PublishResult& result : response.results()) {
    const uint64_t id = result.correlation_id();
    if (id == 0 || id > frames_.size() || in_flight_ == 0) {
      progress_->error.Update(
          absl::DataLossError(absl::StrCat("unknown correlation id ", id)));
      continue;
    }
    free_frames_.push_back(id - 1);
    --in_flight_;
    --progress_->batches_in_flight;
    if (result.has_published()) {
      ++progress_->batches_acknowledged;
    } else {
      progress_->error.Update(
          absl::Status(static_cast<absl::StatusCode>(result.error().code()),
                       result.error().message()));
    }
  }
  arena_.Reset();
  call_->Read(&response_, &on_read_);
  Send();
}

void PublishStream::Close() {
  if (closing_ || finishing_) return;
  closing_ = true;
  // The last answer may come before the news that its request was written.
  if (!writing_) HalfClose();
}

void PublishStream::HalfClose() {
  if (finishing_) return;
  half_closing_ = true;
  call_->WritesDone(&on_half_closed_);
}

// The read that is pending then says that the stream is at its end.
void PublishStream::OnHalfClosed(bool) { half_closing_ = false; }

void PublishStream::End() {
  if (finishing_) return;
  finishing_ = true;
  call_->Finish(&status_, &on_ended_);
}

void PublishStream::OnEnded(bool) {
  ended_ = true;
  progress_->batches_in_flight -= in_flight_;
  if (!status_.ok()) {
    progress_->error.Update(absl::Status(
        static_cast<absl::StatusCode>(status_.error_code()),
        absl::StrCat("publish stream: ", status_.error_message())));
  } else if (in_flight_ > 0) {
    progress_->error.Update(absl::DataLossError("publishes without an answer"));
  }
  in_flight_ = 0;
}

}  // namespace sluice
