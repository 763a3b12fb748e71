// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/announce/lookup_connection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/support/async_unary_call.h"
#include "spdlog/spdlog.h"

namespace sluice {

// One call of ListChannels. Owns itself.
class LookupConnection::Question {
 public:
  Question(LookupConnection* owner, const std::string& topic, ChannelsDone done)
      : owner_(owner),
        channel_(owner->session_->channel()),
        done_(std::move(done)) {
    owner_->questions_.insert(this);
    v1::LookupServiceListChannelsRequest request;
    request.set_topic(topic);
    // While the connection is being made, for instance when the node has only
    // just started, the answer is worth its wait.
    context_.set_wait_for_ready(true);
    context_.set_deadline(
        absl::ToChronoTime(absl::Now() + owner->options_.ask_timeout));
    reader_ = v1::LookupService::NewStub(channel_)->AsyncListChannels(
        &context_, request, owner->queue_);
    reader_->Finish(&response_, &status_, answered_.tag());
  }

  void Cancel() { context_.TryCancel(); }

 private:
  void OnAnswered(bool) {
    std::vector<std::string> channels;
    if (status_.ok()) {
      channels.assign(response_.channels().begin(), response_.channels().end());
    }
    done_(std::move(channels));
    LookupConnection* const owner = owner_;
    owner->questions_.erase(this);
    delete this;
    owner->EndIfIdle();
  }

  LookupConnection* const owner_;
  const std::shared_ptr<grpc::Channel> channel_;
  const ChannelsDone done_;
  grpc::ClientContext context_;
  v1::LookupServiceListChannelsResponse response_;
  grpc::Status status_;
  std::unique_ptr<
      grpc::ClientAsyncResponseReader<v1::LookupServiceListChannelsResponse>>
      reader_;
  MemberEvent<Question, &Question::OnAnswered> answered_{this};
};

LookupConnection::LookupConnection(const Options& options,
                                   grpc::CompletionQueue* queue,
                                   std::function<void()> ended)
    : options_(options),
      queue_(queue),
      ended_(std::move(ended)),
      retry_delay_(options.first_retry, options.longest_retry) {
  absl::MutexLock lock(&mu_);
  state_.address = options_.target;
  state_.last_error = "not tried yet";
}

void LookupConnection::Announce(std::shared_ptr<const Names> names) {
  const bool begin = names_ == nullptr;
  names_ = std::move(names);
  if (ending_) return;
  if (session_ != nullptr) session_->Announce(names_);
  if (begin) StartSession();
}

void LookupConnection::StartSession() {
  LookupSession::Spec spec;
  spec.target = options_.target;
  spec.node = options_.node;
  spec.answer_timeout = options_.answer_timeout;
  spec.registered = [this](absl::Duration interval) { OnRegistered(interval); };
  spec.ended = [this](const absl::Status& why) { OnSessionEnded(why); };
  session_ = std::make_unique<LookupSession>(std::move(spec), queue_);
  session_->Start(names_);
}

void LookupConnection::OnRegistered(absl::Duration ping_interval) {
  registered_ = true;
  retry_delay_.Reset();
  // Back within one ping after a restart of the server.
  retry_delay_.Limit(std::min(options_.longest_retry, ping_interval));
  spdlog::info("registered with the lookup server {}", options_.target);
  absl::MutexLock lock(&mu_);
  state_.registered = true;
}

void LookupConnection::OnSessionEnded(const absl::Status& why) {
  session_.reset();
  DropQuestions();
  const std::string reason(why.message());
  bool is_news;
  {
    absl::MutexLock lock(&mu_);
    is_news = state_.registered || state_.last_error != reason;
    state_.registered = false;
    state_.last_error = reason;
    if (!ending_) ++state_.failures;
  }
  registered_ = false;
  if (ending_) return EndIfIdle();
  const absl::Duration pause =
      retry_delay_.Next(absl::Uniform(random_, 0.0, 1.0));
  spdlog::log(is_news ? spdlog::level::warn : spdlog::level::debug,
              "not registered with the lookup server {}: {}; trying again "
              "until it works",
              options_.target, reason);
  retrying_ = true;
  retry_.Set(queue_, absl::ToChronoTime(absl::Now() + pause),
             retry_done_.tag());
}

void LookupConnection::OnRetry(bool) {
  retrying_ = false;
  if (ending_) return EndIfIdle();
  StartSession();
}

void LookupConnection::AskForChannels(const std::string& topic,
                                      const ChannelsDone& done) {
  // One that was tried and failed is not waited for.
  const bool first_attempt = State().failures == 0;
  if (ending_ || session_ == nullptr || !(registered_ || first_attempt)) {
    return done({});
  }
  new Question(this, topic, done);
}

void LookupConnection::End() {
  if (ending_) return;
  ending_ = true;
  if (session_ != nullptr) session_->End(absl::CancelledError("node drains"));
  if (retrying_) retry_.Cancel();
  DropQuestions();
  EndIfIdle();
}

void LookupConnection::DropQuestions() {
  for (Question* const question : questions_) question->Cancel();
}

void LookupConnection::EndIfIdle() {
  if (ending_ && session_ == nullptr && !retrying_ && questions_.empty()) {
    ended_();
  }
}

LookupState LookupConnection::State() const {
  absl::MutexLock lock(&mu_);
  return state_;
}

}  // namespace sluice
