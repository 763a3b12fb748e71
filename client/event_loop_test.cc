// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/event_loop.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;

TEST(EventLoop, RunsWhatIsPostedOnItsThreadAndInOrder) {
  EventLoop loop;
  EXPECT_FALSE(loop.OnThread());
  std::vector<int> order;
  absl::Notification done;
  for (const int i : {1, 2, 3}) {
    loop.Post([&, i] {
      EXPECT_TRUE(loop.OnThread());
      order.push_back(i);
      if (i == 3) done.Notify();
    });
  }
  done.WaitForNotification();
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(EventLoop, RunsTimersWhenTheyAreDueAndNotWhenTheyAreCancelled) {
  EventLoop loop;
  std::vector<int> order;
  absl::Notification done;
  loop.Post([&] {
    loop.RunAfter(absl::Milliseconds(20), [&] {
      order.push_back(3);
      done.Notify();
    });
    loop.RunAfter(absl::Milliseconds(10), [&] { order.push_back(2); });
    loop.RunAfter(absl::ZeroDuration(), [&] { order.push_back(1); });
    const auto cancelled =
        loop.RunAfter(absl::Milliseconds(5), [&] { order.push_back(-1); });
    loop.Cancel(cancelled);
    loop.Cancel(cancelled);
  });
  done.WaitForNotification();
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(EventLoop, EndsOnlyAfterWhatIsPostedAndLeased) {
  bool ran = false;
  bool released = false;
  {
    EventLoop loop;
    auto lease = std::make_unique<EventLoop::Lease>(&loop);
    loop.Post([&, held = std::shared_ptr<EventLoop::Lease>(std::move(lease))] {
      // A task that is set off by another, as operations are.
      loop.RunAfter(absl::Milliseconds(5), [&, held] { released = true; });
      ran = true;
    });
  }
  EXPECT_TRUE(ran);
  EXPECT_TRUE(released);
}

TEST(EventLoop, ATimerThatIsStillSetDoesNotHoldItsEnd) {
  bool ran = false;
  absl::Notification set;
  {
    EventLoop loop;
    loop.Post([&] {
      loop.RunAfter(absl::Hours(1), [&ran] { ran = true; });
      set.Notify();
    });
    set.WaitForNotification();
  }
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace sluice
