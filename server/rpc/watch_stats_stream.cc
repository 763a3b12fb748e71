// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/watch_stats_stream.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "rpc/time_conversion.h"
#include "server/rpc/refusals.h"

namespace sluice {
namespace {

constexpr absl::Duration kDefaultInterval = absl::Seconds(1);
constexpr absl::Duration kMinInterval = absl::Milliseconds(100);

}  // namespace

absl::StatusOr<absl::Duration> WatchInterval(
    const v1::WatchStatsRequest& request) {
  if (!request.has_interval()) return kDefaultInterval;
  SLUICE_ASSIGN_OR_RETURN(const absl::Duration interval,
                          FromWire("interval", request.interval()));
  if (interval <= absl::ZeroDuration()) {
    return InvalidArgument("INVALID_DURATION", "interval",
                           "interval must be above 0");
  }
  return std::max(interval, kMinInterval);
}

void WatchStatsStream::Accept(Service& service, RpcContext& context,
                              CompletionThreads& threads) {
  auto* const stream = new WatchStatsStream(service, context, threads);
  stream->call_.AsyncNotifyWhenDone(stream->done_.tag());
  service.RequestWatchStats(&stream->call_, &stream->request_, &stream->stream_,
                            stream->thread_.queue(), threads.acceptor().queue(),
                            stream->accepted_.tag());
}

WatchStatsStream::WatchStatsStream(Service& service, RpcContext& context,
                                   CompletionThreads& threads)
    : service_(service),
      context_(context),
      threads_(threads),
      thread_(threads.Next()),
      wake_(
          std::make_shared<WakeSignal>(thread_.queue(), [this] { OnWake(); })) {
  context_.live_calls.Expect();
}

WatchStatsStream::~WatchStatsStream() {
  wake_->Close();
  context_.live_calls.Remove(this);
}

// On the acceptor's thread: all that follows is the stream's own thread's.
void WatchStatsStream::OnAccepted(bool ok) {
  if (!ok) {  // the server shuts down; no other event comes
    delete this;
    return;
  }
  Accept(service_, context_, threads_);
  stream_.SendInitialMetadata(started_.tag());
}

void WatchStatsStream::OnStarted(bool) {
  --pending_;
  context_.live_calls.Add(this);
  const absl::StatusOr<absl::Duration> interval = WatchInterval(request_);
  if (interval.ok()) {
    interval_ = *interval;
    WriteStats();
  } else {
    Finish(interval.status());
  }
  EndTurn();
}

void WatchStatsStream::WriteStats() {
  if (gone_) return;
  if (stopping_) return Finish(NodeDrains());
  v1::WatchStatsResponse response;
  const absl::Status status = FillStats(context_, request_, &response);
  if (!status.ok()) return Finish(status);
  ++pending_;
  stream_.Write(response, written_.tag());
}

void WatchStatsStream::OnWritten(bool ok) {
  --pending_;
  if (ok && stopping_) {
    Finish(NodeDrains());
  } else if (ok && !gone_) {
    ++pending_;
    sleep_.Set(thread_.queue(), absl::ToChronoTime(absl::Now() + interval_),
               slept_.tag());
  }
  EndTurn();
}

void WatchStatsStream::OnSlept(bool) {
  --pending_;
  WriteStats();
  EndTurn();
}

// What is under way sees it at its end.
void WatchStatsStream::OnWake() {
  stopping_ = true;
  sleep_.Cancel();
}

void WatchStatsStream::Finish(const absl::Status& status) {
  if (gone_) return;
  ++pending_;
  stream_.Finish(ToGrpcStatus(status), finished_.tag());
}

void WatchStatsStream::OnFinished(bool) {
  --pending_;
  EndTurn();
}

void WatchStatsStream::OnDone(bool) {
  --pending_;
  gone_ = true;
  sleep_.Cancel();
  EndTurn();
}

void WatchStatsStream::EndTurn() {
  if (pending_ == 0) delete this;
}

}  // namespace sluice
