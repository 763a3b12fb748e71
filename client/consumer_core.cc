// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/consumer_core.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "client/publication.h"

namespace sluice {
namespace {

// Reports that wait for a worker; more are not worth keeping.
constexpr int kMaxReports = 64;

Completion CompletionOf(uint64_t ticket, const Message& message,
                        const HandlerResult& result) {
  Completion completion;
  completion.ticket = ticket;
  completion.result = result;
  completion.attempts = message.attempts;
  const auto id = message.attributes.find(kDedupIdAttribute);
  if (id != message.attributes.end()) completion.dedup_id = id->second;
  return completion;
}

}  // namespace

ConsumerCore::ConsumerCore(ClientRuntime* runtime, ConsumerOptions options,
                           Handler handler, AsyncHandler async_handler)
    : runtime_(*runtime),
      options_(std::move(options)),
      handler_(std::move(handler)),
      async_handler_(std::move(async_handler)) {}

void ConsumerCore::Start() {
  for (int i = 0; i < options_.workers; ++i) {
    workers_.emplace_back([this] { Work(); });
  }
  runtime_.loop().Post([self = shared_from_this(), this] {
    streams_ = std::make_unique<ConsumerStreams>(
        &runtime_, &options_, static_cast<ConsumerStreams::Owner*>(this));
    streams_->Start();
  });
}

void ConsumerCore::Work() {
  WorkItem item;
  while (queue_.Pop(&item)) {
    if (item.message != nullptr) {
      Handle(std::move(item));
    } else {
      item.job();
    }
    item = WorkItem();
  }
}

void ConsumerCore::Handle(WorkItem item) {
  const Message& message = *item.message;
  if (!item.alive->load()) {
    Completion dropped =
        CompletionOf(item.ticket, message, HandlerResult::GiveBack());
    dropped.dropped = true;
    return Add(std::move(dropped));
  }
  if (options_.max_attempts > 0 && message.attempts > options_.max_attempts) {
    {
      const absl::MutexLock lock(&mu_);
      ++given_up_;
    }
    Complete(item.ticket, message, options_.on_give_up(message));
  } else if (async_handler_ != nullptr) {
    async_handler_(
        Delivery(shared_from_this(), item.ticket, std::move(item.message)));
  } else {
    Complete(item.ticket, message, handler_(message));
  }
}

void ConsumerCore::Complete(uint64_t ticket, const Message& message,
                            const HandlerResult& result) {
  Add(CompletionOf(ticket, message, result));
}

void ConsumerCore::Add(Completion completion) {
  const absl::MutexLock lock(&mu_);
  if (detached_) return;
  // Or the workers would try all that waits before the streams have heard.
  if (completion.result.backs_off()) queue_.Hold();
  completions_.push_back(std::move(completion));
  RequestDrain();
}

void ConsumerCore::Touch(uint64_t ticket) {
  const absl::MutexLock lock(&mu_);
  if (detached_) return;
  touches_.push_back(ticket);
  RequestDrain();
}

void ConsumerCore::RequestDrain() {
  if (drain_requested_) return;
  drain_requested_ = true;
  runtime_.loop().Post([self = shared_from_this()] { self->DrainInbox(); });
}

void ConsumerCore::DrainInbox() {
  std::vector<Completion> completions;
  std::vector<uint64_t> touches;
  {
    const absl::MutexLock lock(&mu_);
    drain_requested_ = false;
    completions.swap(completions_);
    touches.swap(touches_);
  }
  if (streams_ == nullptr) return;
  for (const uint64_t ticket : touches) streams_->Touch(ticket);
  int holds = 0;
  for (const Completion& completion : completions) {
    streams_->Complete(completion);
    if (completion.result.backs_off()) ++holds;
  }
  streams_->Flush();
  if (holds > 0) queue_.Release(holds);
}

void ConsumerCore::Deliver(std::vector<WorkItem> items) {
  queue_.Push(std::move(items));
}

void ConsumerCore::Report(const std::string& address,
                          const absl::Status& status) {
  if (options_.on_error == nullptr) return;
  {
    const absl::MutexLock lock(&mu_);
    if (reports_ >= kMaxReports) return;
    ++reports_;
  }
  WorkItem item;
  item.job = [this, address, status] {
    options_.on_error(address, status);
    const absl::MutexLock lock(&mu_);
    --reports_;
  };
  std::vector<WorkItem> items;
  items.push_back(std::move(item));
  queue_.Push(std::move(items));
}

void ConsumerCore::OnClosed() {
  const absl::MutexLock lock(&mu_);
  closed_ = true;
}

void ConsumerCore::RunOnLoop(const std::function<void()>& task) {
  if (runtime_.loop().OnThread()) return task();
  absl::Notification done;
  runtime_.loop().Post([self = shared_from_this(), &task, &done] {
    task();
    done.Notify();
  });
  done.WaitForNotification();
}

void ConsumerCore::SetMaxInFlight(uint32_t messages) {
  {
    const absl::MutexLock lock(&mu_);
    if (stopping_) return;
  }
  RunOnLoop([this, messages] {
    if (streams_ != nullptr) streams_->SetMaxInFlight(messages);
  });
}

absl::Status ConsumerCore::Stop(absl::Duration timeout) {
  {
    const absl::MutexLock lock(&mu_);
    if (stopping_) {
      // Another thread may be at it.
      mu_.Await(absl::Condition(&detached_));
      return stop_status_;
    }
    stopping_ = true;
  }
  RunOnLoop([this] { streams_->Close(); });
  bool in_time = false;
  {
    const absl::MutexLock lock(&mu_);
    in_time = mu_.AwaitWithTimeout(absl::Condition(&closed_), timeout);
  }
  RunOnLoop([this, in_time] {
    const ConsumerStats stats = streams_->Stats();
    streams_.reset();
    const absl::MutexLock lock(&mu_);
    last_stats_ = stats;
    detached_ = true;
    if (in_time) return;
    stop_status_ = absl::DeadlineExceededError(absl::StrCat(
        stats.in_flight,
        " messages were not completed in time and will be delivered again"));
  });
  queue_.Close();
  const absl::MutexLock lock(&mu_);
  return stop_status_;
}

void ConsumerCore::Join() {
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

ConsumerStats ConsumerCore::stats() {
  ConsumerStats stats;
  bool detached = false;
  {
    const absl::MutexLock lock(&mu_);
    detached = detached_;
  }
  if (!detached) {
    RunOnLoop([this, &stats] {
      if (streams_ != nullptr) stats = streams_->Stats();
    });
  }
  stats.waiting = static_cast<uint32_t>(queue_.size());
  const absl::MutexLock lock(&mu_);
  if (detached_) stats = last_stats_;
  stats.given_up = given_up_;
  return stats;
}

}  // namespace sluice
