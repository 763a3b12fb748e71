// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_ANNOUNCE_ANNOUNCER_H_
#define SLUICE_SERVER_ANNOUNCE_ANNOUNCER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/alarm.h"
#include "grpcpp/completion_queue.h"
#include "rpc/completion_thread.h"
#include "rpc/wake_signal.h"
#include "server/announce/lookup_connection.h"
#include "server/announce/lookup_state.h"
#include "server/announce/names.h"
#include "sluice/v1/lookup.pb.h"

namespace sluice {

// Tells the lookup servers which topics and channels the node has, and asks
// them for the channels of topics that are new here. One thread does it for all
// servers, and one that is down, slow or something else altogether concerns
// neither the others nor the node: what changes here only sets a mark, and the
// thread then compares what the node has with what each server was told.
//
// Thread-safe, except for Start and Stop, which are the owner's.
class Announcer {
 public:
  struct Options {
    std::vector<std::string> lookups;  // host:port
    absl::Duration answer_timeout = absl::Seconds(5);
    absl::Duration ask_timeout = absl::Seconds(1);
    absl::Duration first_retry = absl::Milliseconds(100);
    absl::Duration longest_retry = absl::Seconds(5);
  };
  // `names` is called on the announcer's thread; what it returns is complete
  // and sorted.
  Announcer(Options options, std::function<Names()> names);
  // Stops, if that was not done.
  ~Announcer();
  Announcer(const Announcer&) = delete;
  Announcer& operator=(const Announcer&) = delete;

  // Registers `node` with all servers from now on. Once.
  void Start(const v1::NodeInfo& node);

  // A topic or a channel has come or gone. Returns at once; under any lock.
  void OnNamesChanged() { wake_->Raise(); }

  // `done` is called once, on this or another thread, with the channels that
  // the servers know for `topic`, each once; within the ask timeout, with what
  // was answered till then. Before Start and after Withdraw there are none.
  using ChannelsDone = LookupConnection::ChannelsDone;
  void FindChannels(const std::string& topic, ChannelsDone done)
      ABSL_LOCKS_EXCLUDED(mu_);

  // The node takes no new work: the servers forget it. Returns at once.
  void Withdraw() ABSL_LOCKS_EXCLUDED(mu_);

  // Withdraws, waits until that is done, and ends the thread. All questions are
  // answered when it returns.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

  // In the order of the options.
  std::vector<LookupState> States() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Question {
    std::string topic;
    ChannelsDone done;
  };

  void Run();
  // On the thread: works off what others left.
  void OnWake() ABSL_LOCKS_EXCLUDED(mu_);
  void OnRefreshDue(bool ok);
  void Ask(Question question);
  void Refresh();
  void OnConnectionEnded();

  const Options options_;
  const std::function<Names()> names_;

  grpc::CompletionQueue queue_;
  const std::shared_ptr<WakeSignal> wake_;

  // Of the thread.
  absl::Time next_refresh_ = absl::InfinitePast();
  bool refresh_set_ = false;
  bool withdrawn_ = false;
  size_t ended_ = 0;
  grpc::Alarm refresh_;
  MemberEvent<Announcer, &Announcer::OnRefreshDue> refresh_done_{this};

  mutable absl::Mutex mu_;
  // Set by Start, constant from then on.
  std::vector<std::unique_ptr<LookupConnection>> connections_
      ABSL_GUARDED_BY(mu_);
  std::vector<Question> questions_ ABSL_GUARDED_BY(mu_);
  bool started_ ABSL_GUARDED_BY(mu_) = false;
  bool withdraw_ ABSL_GUARDED_BY(mu_) = false;
  bool all_ended_ ABSL_GUARDED_BY(mu_) = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_ANNOUNCE_ANNOUNCER_H_
