// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/producer_core.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "base/error.h"
#include "base/names.h"

namespace sluice {
namespace {

// With so many parcels under way a message may wait for others.
constexpr size_t kEagerParcels = 4;

SteadyTime Now() { return Clock::Real().SteadyNow(); }

std::string Prefix(ClientRuntime* runtime) {
  return absl::StrCat(absl::Hex(runtime->RandomBits(), absl::kZeroPad16));
}

bool AddsDedupIds(const ClientOptions& client, const ProducerOptions& options) {
  return options.add_dedup_ids && client.addresses.size() != 1;
}

}  // namespace

ProducerCore::ProducerCore(ClientRuntime* runtime, ProducerOptions options)
    : runtime_(*runtime),
      options_(std::move(options)),
      fixed_nodes_(!runtime->options().addresses.empty()),
      seed_(runtime->RandomBits()),
      nodes_(runtime->options().forget_node_after),
      part_ids_(Prefix(runtime)),
      batcher_(options_, AddsDedupIds(runtime->options(), options_),
               Prefix(runtime)),
      budget_(options_.max_in_flight_messages, options_.max_in_flight_bytes) {}

void ProducerCore::Start() {
  runtime_.loop().Post([self = shared_from_this(), this] {
    dispatcher_ = std::make_unique<PublishDispatcher>(
        &runtime_, &options_, static_cast<PublishDispatcher::Owner*>(this));
    follower_ = std::make_unique<NodeFollower>(
        &runtime_, std::string(),
        [this](size_t lookup, const std::vector<std::string>& addresses) {
          OnNodes(lookup, addresses);
        });
    follower_->Start();
  });
}

void ProducerCore::OnNodes(size_t lookup,
                           const std::vector<std::string>& addresses) {
  const SteadyTime now = Now();
  for (const std::string& address : nodes_.addresses()) {
    nodes_.SetInUse(address, dispatcher_->Uses(address), now);
  }
  const std::vector<std::string> anew = nodes_.OnAnswer(lookup, addresses, now);
  nodes_.Forget(now);
  if (fixed_nodes_) return dispatcher_->SetNodes(addresses, anew);
  std::vector<std::string> order = nodes_.addresses();
  const auto rank = [this](const std::string& address) {
    return absl::Hash<std::pair<uint64_t, std::string>>()({seed_, address});
  };
  std::sort(order.begin(), order.end(),
            [&rank](const std::string& a, const std::string& b) {
              return rank(a) < rank(b);
            });
  dispatcher_->SetNodes(order, anew);
}

void ProducerCore::OnStuck() { follower_->Hurry(); }

absl::Status ProducerCore::Admit(size_t messages, size_t bytes) {
  const bool may_wait =
      options_.when_full == ProducerOptions::WhenFull::kBlock &&
      !runtime_.loop().OnThread();
  const auto decided = [this, messages, bytes]()
                           ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
                             return closed_ || budget_.Fits(messages, bytes);
                           };
  if (may_wait) mu_.Await(absl::Condition(&decided));
  if (closed_) {
    return absl::FailedPreconditionError("the producer is closed");
  }
  if (!budget_.Fits(messages, bytes)) {
    return MakeError(absl::StatusCode::kResourceExhausted, "PRODUCER_FULL",
                     absl::StrCat("the producer is full: ", budget_.messages(),
                                  " messages with ", budget_.bytes(),
                                  " bytes are not answered yet"));
  }
  budget_.Take(messages, bytes);
  outstanding_[batcher_.generation()] += messages;
  return absl::OkStatus();
}

void ProducerCore::Publish(absl::string_view topic, OutgoingMessage message,
                           Parcel::MessageCallback callback) {
  absl::Status status = ValidateName("topic", topic);
  if (status.ok()) {
    const size_t bytes = BudgetBytes(message);
    const absl::MutexLock lock(&mu_);
    status = Admit(1, bytes);
    if (status.ok()) {
      const bool was_empty = batcher_.empty();
      batcher_.Add(std::string(topic), std::move(message), bytes,
                   std::move(callback), Now());
      if (was_empty || batcher_.has_sealed()) RequestPump();
      return;
    }
    ++stats_.failed;
  }
  if (callback != nullptr) callback(status);
}

void ProducerCore::PublishBatch(OutgoingBatch batch,
                                Parcel::BatchCallback callback) {
  // A parcel is whole because it has this.
  if (callback == nullptr) callback = [](const auto&) {};
  absl::Status status = ValidateName("topic", batch.topic);
  if (status.ok() && batch.messages.empty()) {
    status = InvalidArgument("EMPTY_BATCH", "messages",
                             "a batch needs at least one message");
  }
  if (status.ok()) {
    size_t bytes = 0;
    for (const OutgoingMessage& message : batch.messages) {
      bytes += BudgetBytes(message);
    }
    const size_t count = batch.messages.size();
    const absl::MutexLock lock(&mu_);
    status = Admit(count, bytes);
    if (status.ok()) {
      batcher_.AddBatch(std::move(batch), bytes, std::move(callback), Now());
      RequestPump();
      return;
    }
    stats_.failed += count;
  }
  callback(status);
}

void ProducerCore::RequestPump() {
  if (pump_requested_) return;
  pump_requested_ = true;
  runtime_.loop().Post([self = shared_from_this()] { self->Pump(); });
}

void ProducerCore::Pump() {
  std::vector<std::unique_ptr<Parcel>> parcels;
  SteadyTime due;
  {
    const absl::MutexLock lock(&mu_);
    pump_requested_ = false;
    if (dispatcher_ == nullptr) return;
    parcels = batcher_.Take(Now(), dispatcher_->parcels() < kEagerParcels);
    due = batcher_.due();
  }
  runtime_.loop().Cancel(linger_timer_);
  if (due < SteadyTime::InfiniteFuture()) {
    linger_timer_ = runtime_.loop().RunAfter(due - Now(), [this] { Pump(); });
  }
  for (std::unique_ptr<Parcel>& parcel : parcels) {
    dispatcher_->Dispatch(std::move(parcel));
  }
}

void ProducerCore::OnDecided(const Parcel& parcel,
                             const absl::StatusOr<PublishedBatch>& published) {
  {
    const absl::MutexLock lock(&mu_);
    (published.ok() ? stats_.published : stats_.failed) += parcel.messages();
    // Before the answer, which may make somebody look.
    stats_.retried = dispatcher_->counts().retried;
    stats_.moved = dispatcher_->counts().moved;
  }
  Answer(parcel, published);
}

void ProducerCore::Release(uint64_t generation, size_t messages, size_t bytes) {
  budget_.GiveBack(messages, bytes);
  const auto found = outstanding_.find(generation);
  found->second -= messages;
  if (found->second == 0) outstanding_.erase(found);
}

void ProducerCore::OnGone(std::unique_ptr<Parcel> parcel) {
  const size_t messages = parcel->messages();
  const size_t bytes = parcel->bytes;
  Strip(parcel.get());
  const absl::MutexLock lock(&mu_);
  Release(parcel->generation, messages, bytes);
  batcher_.Reuse(std::move(parcel));
  stats_.retried = dispatcher_->counts().retried;
  stats_.moved = dispatcher_->counts().moved;
  if (!batcher_.empty()) RequestPump();
}

void ProducerCore::OnRefused(std::unique_ptr<Parcel> parcel,
                             const absl::Status& status) {
  if (parcel->whole() || parcel->messages() == 1) {
    OnDecided(*parcel, status);
    OnGone(std::move(parcel));
    return;
  }
  const uint64_t generation = parcel->generation;
  size_t messages = parcel->messages();
  size_t bytes = parcel->bytes;
  std::vector<std::unique_ptr<Parcel>> parts =
      TakeApart(std::move(parcel), MessageIndexOf(ErrorField(status)), status,
                &part_ids_);
  for (const std::unique_ptr<Parcel>& part : parts) {
    messages -= part->messages();
    bytes -= part->bytes;
  }
  if (messages > 0) {
    const absl::MutexLock lock(&mu_);
    stats_.failed += messages;
    Release(generation, messages, bytes);
  }
  for (std::unique_ptr<Parcel>& part : parts) {
    dispatcher_->Dispatch(std::move(part));
  }
}

absl::Status ProducerCore::Flush(absl::Duration timeout) {
  if (runtime_.loop().OnThread()) {
    return absl::FailedPreconditionError(
        "a callback of this library must not wait");
  }
  const absl::MutexLock lock(&mu_);
  const uint64_t generation = batcher_.Seal();
  RequestPump();
  const auto answered = [this, generation]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return Answered(generation);
  };
  if (mu_.AwaitWithTimeout(absl::Condition(&answered), timeout)) {
    return absl::OkStatus();
  }
  return absl::DeadlineExceededError(
      absl::StrCat(budget_.messages(), " messages have no answer yet"));
}

absl::Status ProducerCore::Close(absl::Duration timeout) {
  {
    const absl::MutexLock lock(&mu_);
    if (closed_) return absl::OkStatus();
    closed_ = true;
  }
  absl::Status status = Flush(timeout);
  if (status.ok()) return status;
  RunOnLoop([this] {
    Pump();
    dispatcher_->CancelAll(absl::CancelledError(
        "the producer was closed before an answer came; it may be published"));
  });
  return status;
}

void ProducerCore::RunOnLoop(const std::function<void()>& task) {
  absl::Notification done;
  runtime_.loop().Post([self = shared_from_this(), &task, &done] {
    task();
    done.Notify();
  });
  done.WaitForNotification();
}

void ProducerCore::Shutdown() {
  RunOnLoop([this] {
    runtime_.loop().Cancel(linger_timer_);
    follower_.reset();
    dispatcher_.reset();
  });
}

ProducerStats ProducerCore::stats() const {
  const absl::MutexLock lock(&mu_);
  ProducerStats stats = stats_;
  stats.in_flight_messages = budget_.messages();
  stats.in_flight_bytes = budget_.bytes();
  return stats;
}

}  // namespace sluice
