// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/live_calls.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

class Call final : public LiveCall {
 public:
  void OnDrain() override { ++drains; }
  void OnStop() override { ++stops; }
  int drains = 0;
  int stops = 0;
};

TEST(LiveCalls, TellsThoseThatAreUnderWay) {
  LiveCalls calls;
  Call stays;
  Call gone;
  for (Call* const call : {&stays, &gone}) {
    calls.Expect();
    calls.Add(call);
  }
  calls.Remove(&gone);
  calls.Drain();
  calls.Stop();
  EXPECT_EQ(stays.drains, 1);
  EXPECT_EQ(stays.stops, 1);
  EXPECT_EQ(gone.drains, 0);
  EXPECT_EQ(gone.stops, 0);
}

TEST(LiveCalls, TellsALateCallOfTheStopAtOnce) {
  LiveCalls calls;
  calls.Stop();
  Call call;
  calls.Expect();
  calls.Add(&call);
  EXPECT_EQ(call.stops, 1);
}

TEST(LiveCalls, WaitsForCallsAndForObjectsApart) {
  LiveCalls calls;
  Call waits_for_a_call;
  calls.Expect();
  calls.WaitUntilNoCalls(absl::InfiniteDuration());
  calls.Remove(&waits_for_a_call);
  calls.WaitUntilNothing();
}

}  // namespace
}  // namespace sluice
