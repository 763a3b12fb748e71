// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stop_signal.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using Reason = StopSignal::Reason;

// Waits for the stop itself, not for a time.
Reason ReasonFor(const StopSignal::Options& options,
                 const std::function<void()>& cause) {
  StopSignal signal(options);
  absl::Notification called;
  signal.SetHandler([&] { called.Notify(); });
  cause();
  called.WaitForNotification();
  pollfd wait = {signal.fd(), POLLIN, 0};
  EXPECT_EQ(poll(&wait, 1, 0), 1);
  return signal.reason();
}

TEST(StopSignal, ComesWithAnInterruptOrATermination) {
  for (const int number : {SIGINT, SIGTERM}) {
    EXPECT_EQ(ReasonFor({}, [number] { kill(getpid(), number); }),
              Reason::kInterrupted);
  }
}

TEST(StopSignal, ComesWhenTheTimeIsOver) {
  StopSignal::Options options;
  options.timeout = absl::Milliseconds(1);
  EXPECT_EQ(ReasonFor(options, [] {}), Reason::kTimedOut);
}

TEST(StopSignal, ComesWhenNobodyReadsTheOutput) {
  int fds[2];
  ASSERT_EQ(pipe(fds), 0);
  StopSignal::Options options;
  options.output_fd = fds[1];
  EXPECT_EQ(ReasonFor(options, [&] { close(fds[0]); }), Reason::kReaderGone);
  close(fds[1]);
}

TEST(StopSignal, DoesNotComeByItself) {
  StopSignal signal({});
  EXPECT_EQ(signal.reason(), Reason::kNone);
  pollfd wait = {signal.fd(), POLLIN, 0};
  EXPECT_EQ(poll(&wait, 1, 0), 0);
}

TEST(StopSignal, HasAnExitCodeForEachReason) {
  EXPECT_EQ(ExitCodeFor(Reason::kInterrupted), ExitCode::kInterrupted);
  EXPECT_EQ(ExitCodeFor(Reason::kTimedOut), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeFor(Reason::kReaderGone), ExitCode::kFailure);
}

TEST(StopSignal, CallsAHandlerThatComesLate) {
  StopSignal signal({});
  signal.Stop();
  absl::Notification called;
  signal.SetHandler([&] { called.Notify(); });
  called.WaitForNotification();
}

TEST(StopSignal, WaitsNoLongerThanUntilItIsTimeToStop) {
  StopSignal stop({});
  stop.Wait(absl::Milliseconds(1));
  EXPECT_FALSE(stop.stopped());
  stop.Stop();
  stop.Wait(absl::InfiniteDuration());
}

}  // namespace
}  // namespace sluice
