// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_STOP_SIGNAL_H_
#define SLUICE_CLI_STOP_SIGNAL_H_

#include <functional>
#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "cli/exit_code.h"

namespace sluice {

// Tells a verb that streams when it has to end before its work is done, so that
// it can do so in good order. Make it before the first thread of the process:
// from then on SIGINT and SIGTERM come here only. One per process.
//
// A verb that has not ended within kGrace, or that is interrupted once more, is
// ended with the exit code it would have had. What it still held goes back
// because the connection breaks. (One that called Stop itself may take longer.)
//
// Thread-safe.
class StopSignal {
 public:
  enum class Reason {
    kNone,
    kInterrupted,  // SIGINT or SIGTERM
    kTimedOut,     // the verb's time is over
    kReaderGone,   // nobody reads the output any more
    kOther,        // Stop was called
  };

  struct Options {
    std::optional<absl::Duration> timeout;
    // Watched for its reader going away, when it is a pipe; -1 for none.
    int output_fd = -1;
  };

  static constexpr absl::Duration kGrace = absl::Seconds(3);

  explicit StopSignal(const Options& options);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Called once when it is time to stop, on a thread of its own or, when that
  // was before, by SetHandler. Null takes the handler away; when SetHandler
  // returns, the one before is not running any more.
  void SetHandler(std::function<void()> handler)
      ABSL_LOCKS_EXCLUDED(handler_mu_);

  // Stops for the verb's own reasons. No effect when stopped already.
  void Stop() { Stop(Reason::kOther); }

  // Why, or kNone.
  Reason reason() const ABSL_LOCKS_EXCLUDED(mu_);
  bool stopped() const { return reason() != Reason::kNone; }

  // Waits, but not longer than until it is time to stop.
  void Wait(absl::Duration duration) const;

  // Becomes readable when it is time to stop, and stays so. For poll.
  int fd() const { return stopped_fd_; }

 private:
  void Stop(Reason reason) ABSL_LOCKS_EXCLUDED(mu_);
  // Each is the life of a thread: looking for reasons, and calling the handler.
  // They are two so that a handler that hangs does not keep the process.
  void Watch(Options options);
  void CallHandler() ABSL_LOCKS_EXCLUDED(handler_mu_);
  // Returns when the verb is over.
  void WatchGrace();

  int signal_fd_;
  int stopped_fd_;  // an eventfd, set once stopped
  int over_fd_;     // an eventfd, set by the destructor

  mutable absl::Mutex mu_;
  Reason reason_ ABSL_GUARDED_BY(mu_) = Reason::kNone;

  // Held while the handler runs.
  absl::Mutex handler_mu_;
  std::function<void()> handler_ ABSL_GUARDED_BY(handler_mu_);
  bool handler_due_ ABSL_GUARDED_BY(handler_mu_) = false;

  std::thread watcher_;
  std::thread caller_;
};

// What a verb exits with that stopped for that reason before it was done.
ExitCode ExitCodeFor(StopSignal::Reason reason);

}  // namespace sluice

#endif  // SLUICE_CLI_STOP_SIGNAL_H_
