// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/health_service.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

namespace sluice {

HealthService::HealthService(const std::vector<std::string>& names,
                             LiveCalls& live_calls,
                             const std::atomic<bool>& draining,
                             std::function<bool()> serving)
    : names_(names),
      live_calls_(live_calls),
      draining_(draining),
      serving_(std::move(serving)) {
  check_.accept = [this](grpc::ServerContext* call, Request* request,
                         grpc::ServerAsyncResponseWriter<Response>* writer,
                         grpc::ServerCompletionQueue* queue, void* tag) {
    service_.RequestCheck(call, request, writer, queue, queue, tag);
  };
  check_.handle = [this](const Request& request, Response* response,
                         const UnaryDone& done) {
    const auto status = StatusOf(request.service());
    if (!status.has_value())
      return done(absl::NotFoundError("unknown service"));
    response->set_status(*status);
    done(absl::OkStatus());
  };
}

void HealthService::Start(CompletionThreads& threads) {
  for (const auto& thread : threads.all()) {
    UnaryCall<Request, Response>::Accept(check_, live_calls_, *thread);
  }
  HealthWatch::Accept(*this, threads);
}

absl::optional<HealthService::Response::ServingStatus> HealthService::StatusOf(
    const std::string& name) const {
  if (!name.empty() &&
      std::find(names_.begin(), names_.end(), name) == names_.end()) {
    return absl::nullopt;
  }
  const bool serves = !draining_.load() && (serving_ == nullptr || serving_());
  return serves ? Response::SERVING : Response::NOT_SERVING;
}

// --- Watch ---------------------------------------------------------------

void HealthWatch::Accept(HealthService& health, CompletionThreads& threads) {
  auto* const watch = new HealthWatch(health, threads);
  watch->call_.AsyncNotifyWhenDone(watch->done_.tag());
  health.service_.RequestWatch(
      &watch->call_, &watch->request_, &watch->stream_, watch->thread_.queue(),
      threads.acceptor().queue(), watch->accepted_.tag());
}

HealthWatch::HealthWatch(HealthService& health, CompletionThreads& threads)
    : health_(health),
      threads_(threads),
      thread_(threads.Next()),
      wake_(std::make_shared<WakeSignal>(thread_.queue(),
                                         [this] { EndTurn(); })) {
  health_.live_calls_.Expect();
}

HealthWatch::~HealthWatch() {
  health_.live_calls_.Remove(this);
  wake_->Close();
}

// On the acceptor's thread: all that follows is the watch's own thread's.
void HealthWatch::OnAccepted(bool ok) {
  if (!ok) {  // the server shuts down; no other event comes
    delete this;
    return;
  }
  Accept(health_, threads_);
  stream_.SendInitialMetadata(started_.tag());
}

void HealthWatch::OnStarted(bool) {
  health_.live_calls_.Add(this);
  OnWritten(true);
}

void HealthWatch::OnWritten(bool) {
  --pending_;
  writing_ = false;
  EndTurn();
}

void HealthWatch::OnDone(bool) {
  --pending_;
  gone_ = true;
  EndTurn();
}

void HealthWatch::EndTurn() {
  if (!writing_ && !gone_) {
    const auto status = health_.StatusOf(request_.service())
                            .value_or(Response::SERVICE_UNKNOWN);
    if (written_status_ != status) {
      written_status_ = status;
      writing_ = true;
      ++pending_;
      Response response;
      response.set_status(status);
      stream_.Write(response, written_.tag());
    }
  }
  if (pending_ == 0) delete this;
}

}  // namespace sluice
