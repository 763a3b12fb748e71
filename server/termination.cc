// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/termination.h"

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
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

Termination::Termination() {
  signal(SIGPIPE, SIG_IGN);
  const sigset_t signals = TerminationSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::thread([this] { Watch(); });
}

Termination::~Termination() {
  ending_ = true;
  pthread_kill(watcher_.native_handle(), SIGTERM);
  watcher_.join();
}

void Termination::Watch() {
  const sigset_t signals = TerminationSignals();
  while (true) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (ending_) return;
    if (requested_.HasBeenNotified()) {
      spdlog::error("{}: again, so ending at once", strsignal(signal));
      spdlog::default_logger()->flush();
      _exit(kExitCodeOfImpatience);
    }
    spdlog::info("{}: stopping; again to end at once", strsignal(signal));
    requested_.Notify();
  }
}

}  // namespace sluice
