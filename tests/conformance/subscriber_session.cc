// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/subscriber_session.h"

#include <deque>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "tests/conformance/stubs.h"

namespace sluice {

struct SubscriberSession::Stream {
  explicit Stream(NodeClient& client)
      : rpc(client.stubs().subscriber->Subscribe(&context)),
        reader([this] { ReadAll(); }) {}

  ~Stream() {
    context.TryCancel();
    {
      absl::MutexLock lock(&mu);
      may_read = true;
    }
    reader.join();
    EXPECT_TRUE(violations.empty()) << violations.front();
  }

  void ReadAll() {
    v1::SubscribeResponse response;
    while (true) {
      {
        absl::MutexLock lock(&mu);
        mu.Await(absl::Condition(&may_read));
      }
      if (!rpc->Read(&response)) break;
      absl::MutexLock lock(&mu);
      Note(response);
    }
    grpc::Status status;
    {
      absl::MutexLock lock(&write_mu);
      status = rpc->Finish();
    }
    const Outcome outcome = OutcomeOf(status);
    absl::MutexLock lock(&mu);
    end = outcome;
  }

  void Note(v1::SubscribeResponse& response) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu) {
    if (closed) violations.push_back("an event after `closed`");
    if (opened.has_value() == response.has_opened()) {
      violations.push_back("`opened` must come first, once");
    }
    switch (response.event_case()) {
      case v1::SubscribeResponse::kOpened:
        opened = response.opened();
        break;
      case v1::SubscribeResponse::kDeliveries:
        if (response.deliveries().deliveries().empty()) {
          violations.push_back("empty deliveries");
        }
        for (auto& one : *response.mutable_deliveries()->mutable_deliveries()) {
          deliveries.push_back(std::move(one));
        }
        break;
      case v1::SubscribeResponse::kResults:
        if (response.results().results().empty()) {
          violations.push_back("empty results");
        }
        for (const auto& one : response.results().results()) {
          results.push_back(one);
        }
        break;
      case v1::SubscribeResponse::kDraining:
        if (draining) violations.push_back("`draining` twice");
        draining = true;
        break;
      case v1::SubscribeResponse::kClosed:
        closed = true;
        break;
      case v1::SubscribeResponse::EVENT_NOT_SET:
        violations.push_back("a response without an event");
        break;
    }
  }

  bool Send(const v1::SubscribeRequest& request) {
    absl::MutexLock lock(&write_mu);
    return rpc->Write(request);
  }

  // Waits until `condition` holds (or the stream has ended); whether it does.
  template <typename Condition>
  bool Await(const Condition& condition, absl::Duration patience)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu) {
    const auto over = [this, &condition] {
      return condition() || end.has_value();
    };
    mu.AwaitWithTimeout(absl::Condition(&over), patience);
    return condition();
  }

  grpc::ClientContext context;
  const std::unique_ptr<
      grpc::ClientReaderWriter<v1::SubscribeRequest, v1::SubscribeResponse>>
      rpc;
  absl::Mutex write_mu;
  mutable absl::Mutex mu;
  bool may_read ABSL_GUARDED_BY(mu) = true;
  absl::optional<v1::Opened> opened ABSL_GUARDED_BY(mu);
  std::deque<v1::Delivery> deliveries ABSL_GUARDED_BY(mu);
  std::deque<v1::CommandResult> results ABSL_GUARDED_BY(mu);
  bool draining ABSL_GUARDED_BY(mu) = false;
  bool closed ABSL_GUARDED_BY(mu) = false;
  absl::optional<Outcome> end ABSL_GUARDED_BY(mu);
  std::vector<std::string> violations;  // the reader's, until it is joined
  std::thread reader;                   // last: uses all of the above
};

namespace {

template <typename Ids>
void Fill(const std::vector<uint64_t>& delivery_ids, Ids* command) {
  command->mutable_delivery_ids()->Add(delivery_ids.begin(),
                                       delivery_ids.end());
}

}  // namespace

SubscriberSession::SubscriberSession(NodeClient& client)
    : stream_(std::make_unique<Stream>(client)) {}

SubscriberSession::SubscriberSession(NodeClient& client, const v1::Open& open)
    : SubscriberSession(client) {
  Open(open);
}

SubscriberSession::~SubscriberSession() = default;

bool SubscriberSession::Send(const v1::SubscribeRequest& request) {
  return stream_->Send(request);
}

bool SubscriberSession::Open(const v1::Open& open) {
  v1::SubscribeRequest request;
  *request.mutable_open() = open;
  return Send(request);
}

bool SubscriberSession::Ready(uint32_t count, uint64_t bytes) {
  v1::SubscribeRequest request;
  request.mutable_ready()->set_count(count);
  request.mutable_ready()->set_bytes(bytes);
  return Send(request);
}

bool SubscriberSession::Finish(const std::vector<uint64_t>& delivery_ids) {
  v1::SubscribeRequest request;
  Fill(delivery_ids, request.mutable_finish());
  return Send(request);
}

bool SubscriberSession::Requeue(const std::vector<uint64_t>& delivery_ids,
                                bool keep_attempts) {
  v1::SubscribeRequest request;
  Fill(delivery_ids, request.mutable_requeue());
  request.mutable_requeue()->set_keep_attempts(keep_attempts);
  return Send(request);
}

bool SubscriberSession::Touch(const std::vector<uint64_t>& delivery_ids) {
  v1::SubscribeRequest request;
  Fill(delivery_ids, request.mutable_touch());
  return Send(request);
}

bool SubscriberSession::Close() {
  v1::SubscribeRequest request;
  request.mutable_close();
  return Send(request);
}

void SubscriberSession::HalfClose() {
  absl::MutexLock lock(&stream_->write_mu);
  stream_->rpc->WritesDone();
}

void SubscriberSession::Cancel() { stream_->context.TryCancel(); }

void SubscriberSession::StopReading() {
  absl::MutexLock lock(&stream_->mu);
  stream_->may_read = false;
}

void SubscriberSession::GoOnReading() {
  absl::MutexLock lock(&stream_->mu);
  stream_->may_read = true;
}

v1::Opened SubscriberSession::ExpectOpened() {
  absl::MutexLock lock(&stream_->mu);
  const auto opened = [this] { return stream_->opened.has_value(); };
  if (stream_->Await(opened, kPatience)) return *stream_->opened;
  ADD_FAILURE() << "not opened; the stream "
                << (stream_->end.has_value()
                        ? testing::PrintToString(*stream_->end)
                        : "stands");
  return v1::Opened();
}

std::vector<v1::Delivery> SubscriberSession::ExpectDeliveries(size_t count) {
  absl::MutexLock lock(&stream_->mu);
  auto& queue = stream_->deliveries;
  const auto enough = [&queue, count] { return queue.size() >= count; };
  if (!stream_->Await(enough, kPatience)) {
    ADD_FAILURE() << "expected " << count << " deliveries, got " << queue.size()
                  << "; the stream "
                  << (stream_->end.has_value()
                          ? testing::PrintToString(*stream_->end)
                          : "stands");
    count = queue.size();
  }
  std::vector<v1::Delivery> taken(queue.begin(), queue.begin() + count);
  queue.erase(queue.begin(), queue.begin() + count);
  return taken;
}

v1::Delivery SubscriberSession::ExpectDelivery() {
  const std::vector<v1::Delivery> one = ExpectDeliveries(1);
  return one.empty() ? v1::Delivery() : one[0];
}

absl::optional<v1::Delivery> SubscriberSession::NextDelivery(
    absl::Duration patience) {
  absl::MutexLock lock(&stream_->mu);
  auto& queue = stream_->deliveries;
  if (!stream_->Await([&queue] { return !queue.empty(); }, patience)) {
    return absl::nullopt;
  }
  v1::Delivery delivery = std::move(queue.front());
  queue.pop_front();
  return delivery;
}

void SubscriberSession::ExpectNoDelivery(absl::Duration moment) {
  absl::MutexLock lock(&stream_->mu);
  auto& queue = stream_->deliveries;
  EXPECT_FALSE(stream_->Await([&queue] { return !queue.empty(); }, moment))
      << queue.front().ShortDebugString();
}

std::vector<v1::CommandResult> SubscriberSession::ExpectResults(size_t count) {
  absl::MutexLock lock(&stream_->mu);
  auto& queue = stream_->results;
  const auto enough = [&queue, count] { return queue.size() >= count; };
  if (!stream_->Await(enough, kPatience)) {
    ADD_FAILURE() << "expected " << count << " results, got " << queue.size()
                  << "; the stream "
                  << (stream_->end.has_value()
                          ? testing::PrintToString(*stream_->end)
                          : "stands");
    count = queue.size();
  }
  std::vector<v1::CommandResult> taken(queue.begin(), queue.begin() + count);
  queue.erase(queue.begin(), queue.begin() + count);
  return taken;
}

std::vector<v1::CommandResult> SubscriberSession::TakeResults() {
  absl::MutexLock lock(&stream_->mu);
  std::vector<v1::CommandResult> taken(stream_->results.begin(),
                                       stream_->results.end());
  stream_->results.clear();
  return taken;
}

void SubscriberSession::ExpectResult(uint64_t delivery_id, v1::CommandKind kind,
                                     v1::CommandOutcome outcome) {
  const std::vector<v1::CommandResult> results = ExpectResults(1);
  if (results.empty()) return;
  EXPECT_EQ(results[0].delivery_id(), delivery_id);
  EXPECT_EQ(results[0].kind(), kind);
  EXPECT_EQ(results[0].outcome(), outcome);
}

void SubscriberSession::ExpectClosed() {
  EXPECT_TRUE(IsOk(ExpectEnd()));
  absl::MutexLock lock(&stream_->mu);
  EXPECT_TRUE(stream_->closed) << "the stream ended without `closed`";
}

Outcome SubscriberSession::ExpectEnd() {
  absl::MutexLock lock(&stream_->mu);
  if (stream_->Await([this] { return stream_->end.has_value(); }, kPatience)) {
    return *stream_->end;
  }
  ADD_FAILURE() << "the stream does not end";
  return Outcome();
}

size_t SubscriberSession::waiting_deliveries() const {
  absl::MutexLock lock(&stream_->mu);
  return stream_->deliveries.size();
}

size_t SubscriberSession::waiting_results() const {
  absl::MutexLock lock(&stream_->mu);
  return stream_->results.size();
}

bool SubscriberSession::draining() const {
  absl::MutexLock lock(&stream_->mu);
  return stream_->draining;
}

bool SubscriberSession::ended() const {
  absl::MutexLock lock(&stream_->mu);
  return stream_->end.has_value();
}

std::vector<uint64_t> IdsOf(const std::vector<v1::Delivery>& deliveries) {
  std::vector<uint64_t> ids;
  for (const auto& delivery : deliveries) ids.push_back(delivery.delivery_id());
  return ids;
}

std::vector<std::string> BodiesOf(const std::vector<v1::Delivery>& deliveries) {
  std::vector<std::string> bodies;
  for (const auto& delivery : deliveries) bodies.push_back(delivery.body());
  return bodies;
}

std::vector<std::string> Numbers(int count, int first) {
  std::vector<std::string> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(absl::StrCat(first + i));
  return numbers;
}

}  // namespace sluice
