// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_ANNOUNCE_LOOKUP_CONNECTION_H_
#define SLUICE_SERVER_ANNOUNCE_LOOKUP_CONNECTION_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/retry_delay.h"
#include "grpcpp/alarm.h"
#include "grpcpp/completion_queue.h"
#include "rpc/completion_thread.h"
#include "server/announce/lookup_session.h"
#include "server/announce/lookup_state.h"
#include "server/announce/names.h"

namespace sluice {

// Keeps the node registered with one lookup server, whatever happens to that
// one: a session, a pause that grows, another session. All but State() runs on
// the thread that serves the queue. Owned by the Announcer.
class LookupConnection {
 public:
  struct Options {
    std::string target;  // host:port
    v1::NodeInfo node;
    absl::Duration answer_timeout = absl::Seconds(5);
    absl::Duration ask_timeout = absl::Seconds(1);
    absl::Duration first_retry = absl::Milliseconds(100);
    absl::Duration longest_retry = absl::Seconds(5);
  };
  // `ended` is called once after End(), when nothing is under way any more.
  LookupConnection(const Options& options, grpc::CompletionQueue* queue,
                   std::function<void()> ended);
  ~LookupConnection() = default;
  LookupConnection(const LookupConnection&) = delete;
  LookupConnection& operator=(const LookupConnection&) = delete;

  // What the node has from now on; the first call also begins.
  void Announce(std::shared_ptr<const Names> names);

  // Asks for the channels of a topic. `done` gets none when the server is known
  // or turns out not to be there, when it does not answer within the ask
  // timeout, and after End(); at once, or later.
  using ChannelsDone = std::function<void(std::vector<std::string>)>;
  void AskForChannels(const std::string& topic, const ChannelsDone& done);

  // The server forgets the node.
  void End();

  // Any thread.
  LookupState State() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  class Question;

  void StartSession();
  void OnRegistered(absl::Duration ping_interval);
  void OnSessionEnded(const absl::Status& why);
  void OnRetry(bool ok);
  void DropQuestions();
  void EndIfIdle();

  const Options options_;
  grpc::CompletionQueue* const queue_;
  const std::function<void()> ended_;

  std::shared_ptr<const Names> names_;
  std::unique_ptr<LookupSession> session_;
  absl::BitGen random_;
  RetryDelay retry_delay_;
  bool retrying_ = false;  // the pause is under way
  bool registered_ = false;
  bool ending_ = false;
  absl::flat_hash_set<Question*> questions_;  // under way

  grpc::Alarm retry_;
  MemberEvent<LookupConnection, &LookupConnection::OnRetry> retry_done_{this};

  mutable absl::Mutex mu_;
  LookupState state_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_ANNOUNCE_LOOKUP_CONNECTION_H_
