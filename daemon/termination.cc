// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/termination.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstring>

#include "spdlog/spdlog.h"

namespace sluice {
namespace {

constexpr int kExitCodeOfImpatience = 1;

sigset_t TerminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGINT);
  return signals;
}

int NextSignal() {
  const sigset_t signals = TerminationSignals();
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  return signal;
}

}  // namespace

Termination::Termination() {
  signal(SIGPIPE, SIG_IGN);
  const sigset_t signals = TerminationSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

Termination::~Termination() {
  if (!watcher_.joinable()) return;
  ending_ = true;
  pthread_kill(watcher_.native_handle(), SIGTERM);
  watcher_.join();
}

void Termination::Wait() {
  const int signal = NextSignal();
  spdlog::info("{}: stopping; again to end at once", strsignal(signal));
  watcher_ = std::thread([this] { WatchForImpatience(); });
}

void Termination::WatchForImpatience() {
  const int signal = NextSignal();
  if (ending_) return;
  spdlog::error("{}: again, so ending at once", strsignal(signal));
  spdlog::default_logger()->flush();
  _exit(kExitCodeOfImpatience);
}

}  // namespace sluice
