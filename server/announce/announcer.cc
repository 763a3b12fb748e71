// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/announce/announcer.h"

#include <algorithm>
#include <set>

#include "absl/time/clock.h"

namespace sluice {
namespace {

// Names that come in quick succession are told together.
constexpr absl::Duration kRefreshPause = absl::Milliseconds(20);
// Listing many names must not take more than a part of a processor.
constexpr int kRefreshShare = 10;

// Collects the answers of several servers.
struct Collected {
  size_t missing = 0;
  std::set<std::string> channels;
  Announcer::ChannelsDone done;
};

}  // namespace

Announcer::Announcer(Options options, std::function<Names()> names)
    : options_(std::move(options)),
      names_(std::move(names)),
      wake_(std::make_shared<WakeSignal>(&queue_, [this] { OnWake(); })),
      thread_([this] { Run(); }) {}

Announcer::~Announcer() { Stop(); }

void Announcer::Run() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
    static_cast<CompletionEvent*>(tag)->OnComplete(ok);
  }
}

void Announcer::Start(const v1::NodeInfo& node) {
  absl::MutexLock lock(&mu_);
  for (const std::string& lookup : options_.lookups) {
    LookupConnection::Options connection;
    connection.target = lookup;
    connection.node = node;
    connection.answer_timeout = options_.answer_timeout;
    connection.ask_timeout = options_.ask_timeout;
    connection.first_retry = options_.first_retry;
    connection.longest_retry = options_.longest_retry;
    connections_.push_back(std::make_unique<LookupConnection>(
        connection, &queue_, [this] { OnConnectionEnded(); }));
  }
  started_ = true;
  wake_->Raise();
}

void Announcer::FindChannels(const std::string& topic, ChannelsDone done) {
  {
    absl::MutexLock lock(&mu_);
    if (!connections_.empty() && !withdraw_) {
      questions_.push_back({topic, std::move(done)});
      wake_->Raise();
      return;
    }
  }
  done({});
}

void Announcer::Withdraw() {
  absl::MutexLock lock(&mu_);
  withdraw_ = true;
  wake_->Raise();
}

void Announcer::Stop() {
  if (stopped_) return;
  stopped_ = true;
  Withdraw();
  {
    absl::MutexLock lock(&mu_);
    if (!connections_.empty()) mu_.Await(absl::Condition(&all_ended_));
  }
  wake_->Close();
  queue_.Shutdown();
  thread_.join();
}

std::vector<LookupState> Announcer::States() const {
  std::vector<LookupState> states;
  absl::MutexLock lock(&mu_);
  for (const auto& connection : connections_) {
    states.push_back(connection->State());
  }
  return states;
}

// --- On the thread -------------------------------------------------------

void Announcer::OnWake() {
  std::vector<Question> questions;
  bool started;
  bool withdraw;
  {
    absl::MutexLock lock(&mu_);
    questions.swap(questions_);
    started = started_;
    withdraw = withdraw_;
  }
  if (started && !withdraw) Refresh();
  for (Question& question : questions) Ask(std::move(question));
  if (!withdraw || withdrawn_) return;
  withdrawn_ = true;
  refresh_.Cancel();
  std::vector<LookupConnection*> connections;
  {
    absl::MutexLock lock(&mu_);
    for (const auto& each : connections_) connections.push_back(each.get());
  }
  for (LookupConnection* const connection : connections) connection->End();
}

void Announcer::Refresh() {
  const absl::Time now = absl::Now();
  if (now < next_refresh_) {
    if (refresh_set_) return;
    refresh_set_ = true;
    refresh_.Set(&queue_, absl::ToChronoTime(next_refresh_),
                 refresh_done_.tag());
    return;
  }
  const auto names = std::make_shared<const Names>(names_());
  std::vector<LookupConnection*> connections;
  {
    absl::MutexLock lock(&mu_);
    for (const auto& each : connections_) connections.push_back(each.get());
  }
  for (LookupConnection* const connection : connections) {
    connection->Announce(names);
  }
  const absl::Duration took = absl::Now() - now;
  next_refresh_ = now + std::max(kRefreshPause, kRefreshShare * took);
}

void Announcer::OnRefreshDue(bool) {
  refresh_set_ = false;
  if (!withdrawn_) Refresh();
}

void Announcer::Ask(Question question) {
  std::vector<LookupConnection*> connections;
  {
    absl::MutexLock lock(&mu_);
    for (const auto& each : connections_) connections.push_back(each.get());
  }
  auto collected = std::make_shared<Collected>();
  collected->missing = connections.size();
  collected->done = std::move(question.done);
  for (LookupConnection* const connection : connections) {
    connection->AskForChannels(question.topic, [collected](
                                                   std::vector<std::string>
                                                       channels) {
      collected->channels.insert(channels.begin(), channels.end());
      if (--collected->missing > 0) return;
      collected->done({collected->channels.begin(), collected->channels.end()});
    });
  }
}

void Announcer::OnConnectionEnded() {
  absl::MutexLock lock(&mu_);
  if (++ended_ == connections_.size()) all_ended_ = true;
}

}  // namespace sluice
