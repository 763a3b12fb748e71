// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/hangup_signal.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(HangupSignal, TellsOnceOfEach) {
  HangupSignal hangup;
  EXPECT_FALSE(hangup.Take());
  kill(getpid(), SIGHUP);
  pollfd wait = {hangup.fd(), POLLIN, 0};
  EXPECT_EQ(poll(&wait, 1, -1), 1);
  EXPECT_TRUE(hangup.Take());
  EXPECT_FALSE(hangup.Take());
}

}  // namespace
}  // namespace sluice
