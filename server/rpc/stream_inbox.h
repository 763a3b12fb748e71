// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_STREAM_INBOX_H_
#define SLUICE_SERVER_RPC_STREAM_INBOX_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "rpc/wake_signal.h"
#include "server/queue/subscription.h"

namespace sluice {

// What other threads have to tell a subscribe stream, which is woken only when
// it is not at work anyway: a stream that is busy looks here at the end of each
// of its turns, so a busy stream costs the tellers no wake-up.
//
//   BeginTurn();  work;  while (EndTurn(&news)) { work on the news }
//
// Thread-safe; turns are of the stream's thread. Held by shared_ptr: by the
// stream, and by the channel, which may outlive it.
class StreamInbox final : public Subscriber {
 public:
  struct News {
    bool messages_ready = false;
    bool drain = false;
    bool stop = false;
    absl::Status channel_closed;
  };

  // `wake` calls back into the stream, which then takes a turn.
  explicit StreamInbox(std::shared_ptr<WakeSignal> wake);

  void BeginTurn() ABSL_LOCKS_EXCLUDED(mu_);

  // True, with the news, when there is some: the turn goes on.
  bool EndTurn(News* news) ABSL_LOCKS_EXCLUDED(mu_);

  // The stream ends: it is woken no more.
  void Close() { wake_->Close(); }

  void OnMessagesReady() override;
  void OnChannelClosed(const absl::Status& reason) override;
  void OnDrain();
  void OnStop();

 private:
  // Whether the stream must be woken for what was just noted.
  bool Note() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const std::shared_ptr<WakeSignal> wake_;

  absl::Mutex mu_;
  News news_ ABSL_GUARDED_BY(mu_);
  bool has_news_ ABSL_GUARDED_BY(mu_) = false;
  bool in_turn_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_STREAM_INBOX_H_
