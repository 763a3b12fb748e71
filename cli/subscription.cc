// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/subscription.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "cli/ready_window.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "sluice/v1/subscriber.grpc.pb.h"

namespace sluice {
namespace {

// Bodies held at once; bounds the memory that large messages take.
constexpr uint64_t kReadyBytes = 16 << 20;

// One run of a subscription. The thread that calls Run reads the stream and
// writes the output; the stop handler may come from another. Commands are sent
// under mu_, by either.
class Subscriber {
 public:
  Subscriber(const Connection& connection, const SubscriptionOptions& options,
             DeliveryWriter* writer)
      : connection_(connection),
        options_(options),
        writer_(*writer),
        stub_(connection.channel()),
        stream_(stub_.Subscribe(&context_)),
        window_(0, 0) {}

  // Until the stream is over.
  absl::Status Run(const std::function<void(uint64_t)>& on_progress);

  // Makes an end in good order; Run returns soon.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

  uint64_t received() const { return received_; }
  uint64_t late() const { return late_; }
  bool limit_reached() const {
    return options_.limit.has_value() && received_ >= *options_.limit;
  }

 private:
  bool auto_finish() const { return options_.open.auto_finish(); }

  void OnOpened(const v1::Opened& opened) ABSL_LOCKS_EXCLUDED(mu_);
  void OnDeliveries(const v1::Deliveries& frame) ABSL_LOCKS_EXCLUDED(mu_);
  void OnDraining() ABSL_LOCKS_EXCLUDED(mu_);

  // How many of a frame to write.
  int Wanted(int offered) ABSL_LOCKS_EXCLUDED(mu_);
  void EndLeases(const v1::Deliveries& frame, int count)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void GiveBack(const v1::Deliveries& frame, int first)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Close() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void SendReady() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // A write fails only when the stream is over, which the reader learns too.
  void Send(const v1::SubscribeRequest& request)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    stream_->Write(request);
  }

  const Connection& connection_;
  const SubscriptionOptions& options_;
  DeliveryWriter& writer_;

  v1::SubscriberService::Stub stub_;
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::SubscribeRequest, v1::SubscribeResponse>>
      stream_;

  // Of the thread in Run.
  uint64_t received_ = 0;
  uint64_t late_ = 0;
  absl::Status end_;  // why we closed, where that is an error

  absl::Mutex mu_;
  bool opened_ ABSL_GUARDED_BY(mu_) = false;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  ReadyWindow window_ ABSL_GUARDED_BY(mu_);
  std::vector<uint64_t> held_ ABSL_GUARDED_BY(mu_);  // to requeue at the end
};

absl::Status Subscriber::Run(const std::function<void(uint64_t)>& on_progress) {
  {
    const absl::MutexLock lock(&mu_);
    v1::SubscribeRequest request;
    *request.mutable_open() = options_.open;
    Send(request);
  }
  v1::SubscribeResponse response;
  while (stream_->Read(&response)) {
    switch (response.event_case()) {
      case v1::SubscribeResponse::kOpened:
        OnOpened(response.opened());
        break;
      case v1::SubscribeResponse::kDeliveries:
        OnDeliveries(response.deliveries());
        on_progress(received_);
        break;
      case v1::SubscribeResponse::kResults:
        for (const v1::CommandResult& result : response.results().results()) {
          if (result.outcome() == v1::COMMAND_OUTCOME_NOT_IN_FLIGHT) ++late_;
        }
        break;
      case v1::SubscribeResponse::kDraining:
        OnDraining();
        break;
      default:
        break;
    }
  }
  const absl::Status status = connection_.ToStatus(stream_->Finish());
  // Closing cancels the stream of one who finishes nothing: that is how it
  // ended, and not why.
  const bool says_why = !status.ok() && !absl::IsCancelled(status);
  return end_.ok() || says_why ? status : end_;
}

void Subscriber::OnOpened(const v1::Opened& opened) {
  const absl::MutexLock lock(&mu_);
  opened_ = true;
  const uint32_t most = opened.max_ready();
  window_ = ReadyWindow(options_.limit,
                        options_.ready.value_or(std::min(kDefaultReady, most)));
  if (options_.requeue && options_.limit.value_or(0) > window_.level()) {
    end_ = absl::InvalidArgumentError(
        absl::StrCat("--requeue holds all messages until the end, and no more "
                     "than ",
                     window_.level(), " can be held"));
    Close();
  } else if (limit_reached()) {
    Close();
  } else if (!auto_finish() && !closing_) {
    SendReady();
  }
}

int Subscriber::Wanted(int offered) {
  const absl::MutexLock lock(&mu_);
  if (closing_) return 0;
  if (!options_.limit.has_value()) return offered;
  // A node keeps to the ready level, but a lease that runs out while the output
  // is stuck makes room for another message than we counted on.
  const uint64_t rest = *options_.limit - received_;
  return static_cast<int>(std::min<uint64_t>(offered, rest));
}

void Subscriber::OnDeliveries(const v1::Deliveries& frame) {
  const int offered = frame.deliveries_size();
  const int written = writer_.Write(frame, Wanted(offered));
  received_ += static_cast<uint64_t>(written);
  const absl::MutexLock lock(&mu_);
  if (!auto_finish()) {
    EndLeases(frame, written);
    GiveBack(frame, written);
  }
  if (limit_reached() || !writer_.status().ok()) Close();
}

void Subscriber::OnDraining() {
  end_ = absl::UnavailableError("the node is going away");
  const absl::MutexLock lock(&mu_);
  Close();
}

void Subscriber::EndLeases(const v1::Deliveries& frame, int count) {
  if (count == 0) return;
  if (options_.requeue) {
    for (int i = 0; i < count; ++i) {
      held_.push_back(frame.deliveries(i).delivery_id());
    }
    return;
  }
  if (window_.EndLeases(static_cast<uint64_t>(count)) && !closing_) {
    SendReady();
  }
  v1::SubscribeRequest request;
  for (int i = 0; i < count; ++i) {
    request.mutable_finish()->add_delivery_ids(
        frame.deliveries(i).delivery_id());
  }
  Send(request);
}

void Subscriber::GiveBack(const v1::Deliveries& frame, int first) {
  if (first == frame.deliveries_size()) return;
  v1::SubscribeRequest request;
  request.mutable_requeue()->set_keep_attempts(true);
  for (int i = first; i < frame.deliveries_size(); ++i) {
    request.mutable_requeue()->add_delivery_ids(
        frame.deliveries(i).delivery_id());
  }
  Send(request);
}

void Subscriber::SendReady() {
  v1::SubscribeRequest request;
  request.mutable_ready()->set_count(window_.level());
  request.mutable_ready()->set_bytes(kReadyBytes);
  Send(request);
}

void Subscriber::Close() {
  if (closing_) return;
  closing_ = true;
  if (auto_finish()) {
    // Nothing is leased that could be finished.
    context_.TryCancel();
    return;
  }
  v1::SubscribeRequest close;
  close.mutable_close();
  Send(close);
  // Only now, or they would come back to us.
  if (held_.empty()) return;
  v1::SubscribeRequest request;
  for (const uint64_t id : held_) {
    request.mutable_requeue()->add_delivery_ids(id);
  }
  Send(request);
  held_.clear();
}

void Subscriber::Stop() {
  const absl::MutexLock lock(&mu_);
  if (opened_) {
    Close();
  } else {
    context_.TryCancel();
  }
}

}  // namespace

SubscriptionEnd RunSubscription(
    const Connection& connection, const SubscriptionOptions& options,
    DeliveryWriter* writer, StopSignal* stop,
    const std::function<void(uint64_t)>& on_progress) {
  Subscriber subscriber(connection, options, writer);
  stop->SetHandler([&subscriber] { subscriber.Stop(); });
  SubscriptionEnd end;
  end.status = subscriber.Run(on_progress);
  stop->SetHandler(nullptr);
  end.received = subscriber.received();
  end.late = subscriber.late();
  if (!writer->status().ok()) {
    end.status = writer->reader_gone() ? absl::OkStatus() : writer->status();
  } else if (stop->stopped()) {
    end.status = absl::OkStatus();
  } else if (subscriber.limit_reached()) {
    // A tail ends by cancelling.
    if (options.open.auto_finish()) end.status = absl::OkStatus();
  } else if (end.status.ok()) {
    end.status = absl::UnavailableError("the node ended the subscription");
  }
  return end;
}

}  // namespace sluice
