// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stop_signal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "absl/time/clock.h"

namespace sluice {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

// Poll reports a pipe's or socket's lost reader without being asked for any
// event. Other files would be reported for other reasons.
int PipeOrNothing(int fd) {
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0) return -1;
  return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) ? fd : -1;
}

int PollTimeout(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture()) return -1;
  const absl::Duration rest =
      std::clamp(deadline - absl::Now(), absl::ZeroDuration(), absl::Hours(1));
  // Upwards: a poll that returns early would only be repeated.
  return static_cast<int>(
      absl::ToInt64Milliseconds(absl::Ceil(rest, absl::Milliseconds(1))));
}

void SetEvent(int event_fd) {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(event_fd, &one, sizeof one);
}

}  // namespace

StopSignal::StopSignal(const Options& options) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal_fd_ = signalfd(-1, &signals, SFD_CLOEXEC);
  stopped_fd_ = eventfd(0, EFD_CLOEXEC);
  over_fd_ = eventfd(0, EFD_CLOEXEC);
  watcher_ = std::thread([this, options] { Watch(options); });
  caller_ = std::thread([this] { CallHandler(); });
}

StopSignal::~StopSignal() {
  SetEvent(over_fd_);
  watcher_.join();
  caller_.join();
  close(over_fd_);
  close(stopped_fd_);
  close(signal_fd_);
}

void StopSignal::SetHandler(std::function<void()> handler) {
  const absl::MutexLock lock(&handler_mu_);
  handler_ = std::move(handler);
  if (handler_ && handler_due_) handler_();
}

StopSignal::Reason StopSignal::reason() const {
  const absl::MutexLock lock(&mu_);
  return reason_;
}

void StopSignal::Wait(absl::Duration duration) const {
  pollfd wait = {stopped_fd_, POLLIN, 0};
  poll(&wait, 1, PollTimeout(absl::Now() + duration));
}

void StopSignal::Stop(Reason reason) {
  const absl::MutexLock lock(&mu_);
  if (reason_ != Reason::kNone) return;
  reason_ = reason;
  SetEvent(stopped_fd_);
}

void StopSignal::CallHandler() {
  pollfd waits[] = {{stopped_fd_, POLLIN, 0}, {over_fd_, POLLIN, 0}};
  poll(waits, std::size(waits), -1);
  if (waits[0].revents == 0) return;
  const absl::MutexLock lock(&handler_mu_);
  handler_due_ = true;
  if (handler_) handler_();
}

void StopSignal::Watch(Options options) {
  const absl::Time deadline = options.timeout.has_value()
                                  ? absl::Now() + *options.timeout
                                  : absl::InfiniteFuture();
  pollfd waits[] = {{signal_fd_, POLLIN, 0},
                    {over_fd_, POLLIN, 0},
                    {stopped_fd_, POLLIN, 0},
                    {PipeOrNothing(options.output_fd), 0, 0}};
  while (!stopped()) {
    poll(waits, std::size(waits), PollTimeout(deadline));
    if (waits[1].revents != 0) return;
    if (waits[0].revents != 0) {
      signalfd_siginfo taken;
      [[maybe_unused]] const ssize_t got =
          read(signal_fd_, &taken, sizeof taken);
      Stop(Reason::kInterrupted);
    } else if (waits[3].revents != 0) {
      Stop(Reason::kReaderGone);
    } else if (absl::Now() >= deadline) {
      Stop(Reason::kTimedOut);
    }
  }
  WatchGrace();
}

void StopSignal::WatchGrace() {
  // A verb that stopped itself knows why it is still waiting.
  const bool own_choice = reason() == Reason::kOther;
  const absl::Time deadline =
      own_choice ? absl::InfiniteFuture() : absl::Now() + kGrace;
  pollfd waits[] = {{signal_fd_, POLLIN, 0}, {over_fd_, POLLIN, 0}};
  poll(waits, std::size(waits), PollTimeout(deadline));
  if (waits[1].revents != 0) return;
  const Reason last = waits[0].revents != 0 ? Reason::kInterrupted : reason();
  _exit(static_cast<int>(ExitCodeFor(last)));
}

ExitCode ExitCodeFor(StopSignal::Reason reason) {
  switch (reason) {
    case StopSignal::Reason::kInterrupted:
      return ExitCode::kInterrupted;
    case StopSignal::Reason::kTimedOut:
      return ExitCode::kUnavailable;
    default:
      return ExitCode::kFailure;
  }
}

}  // namespace sluice
