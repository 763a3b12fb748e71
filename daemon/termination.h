// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_TERMINATION_H_
#define SLUICE_DAEMON_TERMINATION_H_

#include <atomic>
#include <thread>

namespace sluice {

// Turns SIGTERM, SIGINT and SIGHUP into something a program can wait for. The
// first asks for a clean stop; a second ends the process at once with exit code
// 1, whatever it is doing. SIGPIPE is ignored: a closed connection is an error
// of one call.
//
// Make it before any other thread, because threads inherit the blocked signals;
// blocked signals also reach a process that runs as PID 1 of a container. At
// most one at a time.
class Termination {
 public:
  Termination();
  // No signal is looked at any more; they stay blocked.
  ~Termination();
  Termination(const Termination&) = delete;
  Termination& operator=(const Termination&) = delete;

  // Blocks until the first signal; from then on a thread waits for the second.
  // Once, on the thread that made this.
  void Wait();

 private:
  void WatchForImpatience();

  std::atomic<bool> ending_{false};
  std::thread watcher_;  // while the process stops
};

}  // namespace sluice

#endif  // SLUICE_DAEMON_TERMINATION_H_
