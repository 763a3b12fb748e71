// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_WATCH_STREAM_H_
#define SLUICE_LOOKUP_WATCH_STREAM_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "lookup/lookup_context.h"
#include "rpc/completion_threads.h"
#include "rpc/live_calls.h"
#include "rpc/wake_signal.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {

// One call of LookupService.Watch: writes the answer for a topic, and again
// when it has changed, until the client cancels. What changes while a write is
// under way is seen in the next one: a slow client misses what was between, and
// costs no memory. All state is of one completion thread. Owns itself from
// Accept on.
class WatchStream final : public LiveCall, public TopicWatcher {
 public:
  using Service = v1::LookupService::AsyncService;

  // Waits for the next stream.
  static void Accept(Service& service, LookupContext& context,
                     CompletionThreads& threads);

 private:
  WatchStream(Service& service, LookupContext& context,
              CompletionThreads& threads);
  ~WatchStream();

  void OnAccepted(bool ok);
  void OnStarted(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnDone(bool ok);
  // On any thread.
  void OnStop() override { call_.TryCancel(); }
  void OnTopicChanged() override { wake_->Raise(); }

  void OnWake();
  // Writes the answer if it is news and nothing is under way.
  void Write();
  void Finish(const absl::Status& status);
  // Ends the object when nothing can come any more.
  void EndTurn();

  Service& service_;
  LookupContext& context_;
  CompletionThreads& threads_;
  CompletionThread& thread_;
  const std::shared_ptr<WakeSignal> wake_;

  grpc::ServerContext call_;
  grpc::ServerAsyncWriter<v1::WatchResponse> stream_{&call_};
  v1::WatchRequest request_;
  absl::optional<LookupRegistry::TopicView> written_view_;
  uint64_t version_ = 0;
  bool watching_ = false;
  bool busy_ = true;   // the initial metadata, to begin with
  bool gone_ = false;  // the client
  int pending_ = 2;    // operations that gRPC has not answered yet

  MemberEvent<WatchStream, &WatchStream::OnAccepted> accepted_{this};
  MemberEvent<WatchStream, &WatchStream::OnStarted> started_{this};
  MemberEvent<WatchStream, &WatchStream::OnWritten> written_{this};
  MemberEvent<WatchStream, &WatchStream::OnFinished> finished_{this};
  MemberEvent<WatchStream, &WatchStream::OnDone> done_{this};
};

}  // namespace sluice

#endif  // SLUICE_LOOKUP_WATCH_STREAM_H_
