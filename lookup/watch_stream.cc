// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/watch_stream.h"

#include <utility>

#include "base/names.h"
#include "lookup/node_conversion.h"
#include "rpc/status_conversion.h"

namespace sluice {

void WatchStream::Accept(Service& service, LookupContext& context,
                         CompletionThreads& threads) {
  auto* const stream = new WatchStream(service, context, threads);
  stream->call_.AsyncNotifyWhenDone(stream->done_.tag());
  service.RequestWatch(&stream->call_, &stream->request_, &stream->stream_,
                       stream->thread_.queue(), threads.acceptor().queue(),
                       stream->accepted_.tag());
}

WatchStream::WatchStream(Service& service, LookupContext& context,
                         CompletionThreads& threads)
    : service_(service),
      context_(context),
      threads_(threads),
      thread_(threads.Next()),
      wake_(
          std::make_shared<WakeSignal>(thread_.queue(), [this] { OnWake(); })) {
  context_.live_calls.Expect();
}

WatchStream::~WatchStream() {
  if (watching_) context_.registry.Unwatch(request_.topic(), this);
  wake_->Close();
  context_.live_calls.Remove(this);
}

// On the acceptor's thread: all that follows is the stream's own thread's.
void WatchStream::OnAccepted(bool ok) {
  if (!ok) {  // the server shuts down; no other event comes
    delete this;
    return;
  }
  Accept(service_, context_, threads_);
  stream_.SendInitialMetadata(started_.tag());
}

void WatchStream::OnStarted(bool) {
  --pending_;
  busy_ = false;
  context_.live_calls.Add(this);
  const absl::Status name = ValidateName("topic", request_.topic());
  if (name.ok()) {
    // First watched, then looked at: no change falls between.
    watching_ = true;
    context_.registry.Watch(request_.topic(), this);
    Write();
  } else {
    Finish(name);
  }
  EndTurn();
}

void WatchStream::OnWake() {
  Write();
  EndTurn();
}

void WatchStream::OnWritten(bool ok) {
  --pending_;
  busy_ = !ok;  // a failed write is the last one
  Write();
  EndTurn();
}

void WatchStream::Write() {
  if (busy_ || gone_) return;
  LookupRegistry::TopicView view = context_.registry.Lookup(request_.topic());
  if (written_view_.has_value() && *written_view_ == view) return;
  v1::WatchResponse response;
  ToWire(view, response.mutable_snapshot());
  response.set_version(++version_);
  written_view_ = std::move(view);
  busy_ = true;
  ++pending_;
  stream_.Write(response, written_.tag());
}

void WatchStream::Finish(const absl::Status& status) {
  if (gone_) return;
  busy_ = true;
  ++pending_;
  stream_.Finish(ToGrpcStatus(status), finished_.tag());
}

void WatchStream::OnFinished(bool) {
  --pending_;
  EndTurn();
}

void WatchStream::OnDone(bool) {
  --pending_;
  gone_ = true;
  EndTurn();
}

void WatchStream::EndTurn() {
  if (pending_ == 0) delete this;
}

}  // namespace sluice
