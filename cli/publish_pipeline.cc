// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publish_pipeline.h"

#include <map>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "base/error.h"
#include "cli/error_text.h"
#include "client/grpc_status.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "sluice/v1/publisher.grpc.pb.h"

namespace sluice {
namespace {

// Enough to keep a node busy over a network; a bound on memory as well.
constexpr size_t kMaxUnansweredBatches = 64;
constexpr size_t kMaxUnansweredBytes = 16 << 20;

// The 3 of `messages[3].body`.
bool MessageIndex(const std::string& field, size_t* index) {
  absl::string_view text = field;
  if (!absl::ConsumePrefix(&text, "messages[")) return false;
  return absl::SimpleAtoi(text.substr(0, text.find(']')), index);
}

}  // namespace

class PublishPipeline::Stream {
 public:
  Stream(const Connection& connection, StopSignal* stop)
      : connection_(connection),
        stop_(*stop),
        stub_(connection.channel()),
        stream_(stub_.PublishStream(&context_)) {
    stop_.SetHandler([this] {
      const absl::MutexLock lock(&mu_);
      stopped_ = true;
    });
    reader_ = std::thread([this] { ReadResults(); });
  }

  ~Stream() {
    stop_.SetHandler(nullptr);
    context_.TryCancel();
    if (reader_.joinable()) reader_.join();
  }

  bool Send(v1::PublishRequest batch, std::vector<uint64_t> records)
      ABSL_LOCKS_EXCLUDED(mu_);
  uint64_t published() const ABSL_LOCKS_EXCLUDED(mu_) {
    const absl::MutexLock lock(&mu_);
    return end_.published;
  }
  End Finish() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Batch {
    std::vector<uint64_t> records;
    size_t bytes = 0;
  };

  bool MaySend() const ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return stopped_ || (unanswered_.size() < kMaxUnansweredBatches &&
                        unanswered_bytes_ < kMaxUnansweredBytes);
  }
  void ReadResults() ABSL_LOCKS_EXCLUDED(mu_);
  // False for a refusal.
  bool Take(const v1::PublishResult& result) ABSL_LOCKS_EXCLUDED(mu_);

  const Connection& connection_;
  StopSignal& stop_;
  v1::PublisherService::Stub stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::PublishStreamRequest,
                                           v1::PublishStreamResponse>>
      stream_;

  mutable absl::Mutex mu_;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
  uint64_t last_id_ ABSL_GUARDED_BY(mu_) = 0;
  std::map<uint64_t, Batch> unanswered_ ABSL_GUARDED_BY(mu_);
  size_t unanswered_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  End end_ ABSL_GUARDED_BY(mu_);

  std::thread reader_;
};

bool PublishPipeline::Stream::Send(v1::PublishRequest batch,
                                   std::vector<uint64_t> records) {
  v1::PublishStreamRequest request;
  *request.mutable_publish() = std::move(batch);
  const size_t bytes = request.publish().ByteSizeLong();
  {
    const absl::MutexLock lock(&mu_);
    mu_.Await(absl::Condition(
        +[](Stream* self)
             ABSL_SHARED_LOCKS_REQUIRED(self->mu_) { return self->MaySend(); },
        this));
    if (stopped_) return false;
    request.set_correlation_id(++last_id_);
    unanswered_[last_id_] = {std::move(records), bytes};
    unanswered_bytes_ += bytes;
  }
  if (stream_->Write(request)) return true;
  // The stream is over, and the node has not seen this one. The reader finds
  // out why.
  const absl::MutexLock lock(&mu_);
  unanswered_.erase(request.correlation_id());
  return false;
}

void PublishPipeline::Stream::ReadResults() {
  v1::PublishStreamResponse response;
  while (stream_->Read(&response)) {
    for (const v1::PublishResult& result : response.results()) {
      if (!Take(result)) stop_.Stop();
    }
  }
  const absl::MutexLock lock(&mu_);
  // Also ends a wait in Send that began before the handler ran.
  stopped_ = true;
  stop_.Stop();
}

bool PublishPipeline::Stream::Take(const v1::PublishResult& result) {
  const absl::MutexLock lock(&mu_);
  const auto found = unanswered_.find(result.correlation_id());
  if (found == unanswered_.end()) return true;
  Batch batch = std::move(found->second);
  unanswered_bytes_ -= batch.bytes;
  unanswered_.erase(found);
  if (result.has_published()) {
    end_.published += batch.records.size();
    return true;
  }
  end_.refusals.push_back(
      {FromRpcStatus(result.error()), std::move(batch.records)});
  return false;
}

PublishPipeline::End PublishPipeline::Stream::Finish() {
  stream_->WritesDone();
  reader_.join();
  const absl::Status status = connection_.ToStatus(stream_->Finish());
  const absl::MutexLock lock(&mu_);
  end_.status = status;
  for (const auto& [id, batch] : unanswered_) {
    end_.unanswered.insert(end_.unanswered.end(), batch.records.begin(),
                           batch.records.end());
  }
  return std::move(end_);
}

PublishPipeline::PublishPipeline(const Connection& connection, StopSignal* stop)
    : stream_(std::make_unique<Stream>(connection, stop)) {}

PublishPipeline::~PublishPipeline() = default;

bool PublishPipeline::Send(v1::PublishRequest batch,
                           std::vector<uint64_t> records) {
  return stream_->Send(std::move(batch), std::move(records));
}

uint64_t PublishPipeline::published() const { return stream_->published(); }

PublishPipeline::End PublishPipeline::Finish() { return stream_->Finish(); }

std::string RefusalText(const PublishPipeline::Refusal& refusal) {
  const std::vector<uint64_t>& records = refusal.records;
  const std::string text = ErrorText(refusal.status);
  const std::string range =
      records.size() == 1
          ? absl::StrCat("record ", records.front())
          : absl::StrCat("records ", records.front(), " to ", records.back());
  size_t index = 0;
  if (records.size() == 1 ||
      !MessageIndex(ErrorField(refusal.status), &index) ||
      index >= records.size()) {
    return absl::StrCat(range, ": ", text);
  }
  return absl::StrCat("record ", records[index], ": ", text, "; ", range,
                      " were refused with it");
}

}  // namespace sluice
