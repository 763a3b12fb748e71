// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/hangup_signal.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace sluice {

HangupSignal::HangupSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  fd_ = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

HangupSignal::~HangupSignal() { close(fd_); }

bool HangupSignal::Take() {
  signalfd_siginfo taken;
  return read(fd_, &taken, sizeof taken) > 0;
}

}  // namespace sluice
