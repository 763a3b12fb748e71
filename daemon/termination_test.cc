// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/termination.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace sluice {
namespace {

TEST(Termination, TheFirstSignalIsWaitedFor) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    Termination termination;
    kill(getpid(), signal);
    termination.Wait();
  }
}

TEST(Termination, EndsWithoutASignal) { Termination termination; }

TEST(Termination, ABrokenPipeIsIgnored) {
  Termination termination;
  raise(SIGPIPE);
}

TEST(TerminationDeathTest, TheSecondSignalEndsTheProcess) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        Termination termination;
        kill(getpid(), SIGTERM);
        termination.Wait();
        kill(getpid(), SIGTERM);
        while (true) pause();
      },
      ::testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace sluice
