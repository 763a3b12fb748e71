// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/unary_publishes.h"

#include <grpcpp/client_context.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "bench/event.h"
#include "bench/frames.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {
namespace {

constexpr char kMethod[] = "/sluice.v1.PublisherService/Publish";

}  // namespace

// One frame and the call that carries it, if any.
class UnaryPublishes::Call final : public Event {
 public:
  Call(UnaryPublishes* owner, const grpc::ByteBuffer& frame)
      : owner_(owner), frame_(frame) {}

  bool busy() const { return context_ != nullptr; }
  void Cancel() {
    if (busy()) context_->TryCancel();
  }

  void Send() {
    context_ = std::make_unique<grpc::ClientContext>();
    call_ = owner_->stub_.PrepareUnaryCall(context_.get(), kMethod, frame_,
                                           owner_->queue_);
    call_->StartCall();
    call_->Finish(&response_, &status_, this);
  }

  void Done(bool) override {
    context_.reset();
    v1::PublishResponse response;
    if (status_.ok() && !Parse(response_, &response)) {
      status_ = grpc::Status(grpc::StatusCode::DATA_LOSS,
                             "unreadable publish response");
    }
    owner_->OnAnswer(status_);
  }

 private:
  UnaryPublishes* const owner_;
  const grpc::ByteBuffer& frame_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
};

UnaryPublishes::UnaryPublishes(const std::shared_ptr<grpc::Channel>& channel,
                               grpc::CompletionQueue* queue,
                               const std::vector<grpc::ByteBuffer>& frames,
                               PublishProgress* progress)
    : stub_(channel), queue_(queue), progress_(progress) {
  for (const grpc::ByteBuffer& frame : frames) {
    calls_.push_back(std::make_unique<Call>(this, frame));
  }
}

UnaryPublishes::~UnaryPublishes() = default;

void UnaryPublishes::Send() {
  for (auto& call : calls_) {
    if (progress_->batches_to_send == 0) return;
    if (call->busy()) continue;
    --progress_->batches_to_send;
    ++progress_->batches_in_flight;
    call->Send();
  }
}

void UnaryPublishes::OnAnswer(const grpc::Status& status) {
  --progress_->batches_in_flight;
  if (status.ok()) {
    ++progress_->batches_acknowledged;
  } else {
    progress_->error.Update(
        absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                     absl::StrCat("publish: ", status.error_message())));
    return;
  }
  Send();
}

void UnaryPublishes::Cancel() {
  for (auto& call : calls_) call->Cancel();
}

bool UnaryPublishes::ended() const {
  return std::none_of(calls_.begin(), calls_.end(),
                      [](const auto& call) { return call->busy(); });
}

}  // namespace sluice
