// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/publisher_session.h"

#include <algorithm>
#include <deque>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "tests/conformance/stubs.h"

namespace sluice {

struct PublisherSession::Stream {
  Stream(NodeClient& client, bool read_now)
      : may_read(read_now),
        rpc(client.stubs().publisher->PublishStream(&context)),
        reader([this] { ReadAll(); }) {}

  ~Stream() {
    context.TryCancel();
    {
      absl::MutexLock lock(&mu);
      may_read = true;
    }
    reader.join();
    EXPECT_FALSE(empty_response) << "a response without results";
  }

  void ReadAll() {
    {
      absl::MutexLock lock(&mu);
      mu.Await(absl::Condition(&may_read));
    }
    v1::PublishStreamResponse response;
    while (rpc->Read(&response)) {
      absl::MutexLock lock(&mu);
      empty_response = empty_response || response.results().empty();
      for (const auto& result : response.results()) results.push_back(result);
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

  template <typename Condition>
  bool Await(const Condition& condition, absl::Duration patience = kPatience)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu) {
    const auto over = [this, &condition] {
      return condition() || end.has_value();
    };
    mu.AwaitWithTimeout(absl::Condition(&over), patience);
    return condition();
  }

  absl::Mutex write_mu;
  mutable absl::Mutex mu;
  bool may_read ABSL_GUARDED_BY(mu);
  std::deque<v1::PublishResult> results ABSL_GUARDED_BY(mu);
  absl::optional<Outcome> end ABSL_GUARDED_BY(mu);
  bool empty_response = false;  // the reader's, until it is joined
  grpc::ClientContext context;
  const std::unique_ptr<grpc::ClientReaderWriter<v1::PublishStreamRequest,
                                                 v1::PublishStreamResponse>>
      rpc;
  std::thread reader;  // last: uses all of the above
};

PublisherSession::PublisherSession(NodeClient& client, Reading reading)
    : stream_(std::make_unique<Stream>(client, reading == Reading::kNow)) {}

PublisherSession::~PublisherSession() = default;

bool PublisherSession::Send(uint64_t correlation_id,
                            const v1::PublishRequest& publish) {
  v1::PublishStreamRequest request;
  request.set_correlation_id(correlation_id);
  *request.mutable_publish() = publish;
  return Send(request);
}

bool PublisherSession::Send(const v1::PublishStreamRequest& request) {
  absl::MutexLock lock(&stream_->write_mu);
  return stream_->rpc->Write(request);
}

void PublisherSession::HalfClose() {
  absl::MutexLock lock(&stream_->write_mu);
  stream_->rpc->WritesDone();
}

void PublisherSession::Cancel() { stream_->context.TryCancel(); }

void PublisherSession::StartReading() {
  absl::MutexLock lock(&stream_->mu);
  stream_->may_read = true;
}

v1::PublishResult PublisherSession::ExpectResult(uint64_t correlation_id) {
  absl::MutexLock lock(&stream_->mu);
  auto& queue = stream_->results;
  const auto find = [&queue, correlation_id] {
    return std::find_if(queue.begin(), queue.end(), [&](const auto& result) {
      return result.correlation_id() == correlation_id;
    });
  };
  if (!stream_->Await([&] { return find() != queue.end(); })) {
    ADD_FAILURE() << "no result for " << correlation_id;
    return v1::PublishResult();
  }
  const auto found = find();
  v1::PublishResult result = *found;
  queue.erase(found);
  return result;
}

std::vector<v1::PublishResult> PublisherSession::ExpectResults(size_t count) {
  absl::MutexLock lock(&stream_->mu);
  auto& queue = stream_->results;
  if (!stream_->Await([&queue, count] { return queue.size() >= count; })) {
    ADD_FAILURE() << "expected " << count << " results, got " << queue.size();
    count = queue.size();
  }
  std::vector<v1::PublishResult> taken(queue.begin(), queue.begin() + count);
  queue.erase(queue.begin(), queue.begin() + count);
  return taken;
}

std::vector<v1::PublishResult> PublisherSession::TakeResults(
    absl::Duration patience) {
  absl::MutexLock lock(&stream_->mu);
  auto& queue = stream_->results;
  stream_->Await([&queue] { return !queue.empty(); }, patience);
  std::vector<v1::PublishResult> taken(queue.begin(), queue.end());
  queue.clear();
  return taken;
}

Outcome PublisherSession::ExpectEnd() {
  absl::MutexLock lock(&stream_->mu);
  if (stream_->Await([this] { return stream_->end.has_value(); })) {
    return *stream_->end;
  }
  ADD_FAILURE() << "the stream does not end";
  return Outcome();
}

size_t PublisherSession::waiting_results() const {
  absl::MutexLock lock(&stream_->mu);
  return stream_->results.size();
}

}  // namespace sluice
