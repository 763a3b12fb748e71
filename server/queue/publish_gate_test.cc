// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/publish_gate.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(PublishGate, IsFullAtItsCapacity) {
  PublishGate gate(100);
  gate.Enter(99);
  EXPECT_FALSE(gate.full());
  gate.Enter(1);
  EXPECT_TRUE(gate.full());
  EXPECT_EQ(gate.pending_bytes(), 100u);
}

TEST(PublishGate, ResumesAtOnceWhenThereIsRoom) {
  PublishGate gate(100);
  gate.Enter(50);
  int resumed = 0;
  gate.WhenRoom([&] { ++resumed; });
  EXPECT_EQ(resumed, 1);
}

TEST(PublishGate, ResumesOnceWhenHalfIsFreeAgain) {
  PublishGate gate(100);
  gate.Enter(100);
  int resumed = 0;
  gate.WhenRoom([&] { ++resumed; });
  gate.Leave(49);
  EXPECT_EQ(resumed, 0);
  gate.Leave(1);
  EXPECT_EQ(resumed, 1);
  gate.Leave(50);
  EXPECT_EQ(resumed, 1);
}

TEST(PublishGate, ResumesEverybodyWhoWaits) {
  PublishGate gate(100);
  gate.Enter(100);
  int resumed = 0;
  for (int i = 0; i < 3; ++i) gate.WhenRoom([&] { ++resumed; });
  gate.Leave(100);
  EXPECT_EQ(resumed, 3);
}

TEST(PublishGate, NoResumeIsLostWhenFillingRacesWithDraining) {
  constexpr int kPublishers = 3;
  constexpr int kRounds = 3000;
  PublishGate gate(4);
  std::atomic<int> owed{0};  // entered and not left yet
  std::atomic<int> running{kPublishers};
  std::atomic<bool> stuck{false};
  std::vector<std::thread> publishers;
  for (int i = 0; i < kPublishers; ++i) {
    publishers.emplace_back([&] {
      for (int round = 0; round < kRounds && !stuck; ++round) {
        gate.Enter(2);
        ++owed;
        if (!gate.full()) continue;
        const auto resumed = std::make_shared<absl::Notification>();
        gate.WhenRoom([resumed] { resumed->Notify(); });
        if (!resumed->WaitForNotificationWithTimeout(absl::Seconds(20))) {
          stuck = true;
        }
      }
      --running;
    });
  }
  while (running > 0) {
    if (owed > 0) {
      --owed;
      gate.Leave(2);
    } else {
      std::this_thread::yield();
    }
  }
  for (std::thread& publisher : publishers) publisher.join();
  EXPECT_FALSE(stuck);
}

}  // namespace
}  // namespace sluice
