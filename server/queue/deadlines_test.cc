// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/deadlines.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SteadyTime At(int64_t seconds) {
  return SteadyTime::FromNanos(seconds * 1'000'000'000);
}

// Remembers when it was called, and asks for one more call if told to.
class Listener : public DeadlineListener {
 public:
  explicit Listener(SteadyTime next = SteadyTime::InfiniteFuture())
      : next_(next) {}
  SteadyTime OnDeadline(SteadyTime now) override {
    absl::MutexLock lock(&mu_);
    calls_.push_back(now.nanos() / 1'000'000'000);
    return std::exchange(next_, SteadyTime::InfiniteFuture());
  }
  std::vector<int64_t> calls() const {
    absl::MutexLock lock(&mu_);
    return calls_;
  }
  bool WaitForCall() const {
    absl::MutexLock lock(&mu_);
    const auto called = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      return !calls_.empty();
    };
    return mu_.AwaitWithTimeout(absl::Condition(&called), absl::Seconds(20));
  }

 private:
  mutable absl::Mutex mu_;
  SteadyTime next_ ABSL_GUARDED_BY(mu_);
  std::vector<int64_t> calls_ ABSL_GUARDED_BY(mu_);
};

class DeadlinesTest : public testing::Test {
 protected:
  void Advance(int64_t seconds) {
    clock_.Advance(absl::Seconds(seconds));
    deadlines_.Poll();
  }

  FakeClock clock_;
  Deadlines deadlines_{clock_};
};

TEST_F(DeadlinesTest, CallsAtTheTimeAndNotBefore) {
  const auto listener = std::make_shared<Listener>();
  deadlines_.Schedule(At(10), listener);
  Advance(9);
  EXPECT_THAT(listener->calls(), IsEmpty());
  Advance(1);
  EXPECT_THAT(listener->calls(), ElementsAre(10));
  Advance(100);
  EXPECT_THAT(listener->calls(), ElementsAre(10));
}

TEST_F(DeadlinesTest, CallsInTheOrderOfTimes) {
  const auto late = std::make_shared<Listener>();
  const auto early = std::make_shared<Listener>();
  deadlines_.Schedule(At(20), late);
  deadlines_.Schedule(At(10), early);
  Advance(15);
  EXPECT_THAT(early->calls(), ElementsAre(15));
  EXPECT_THAT(late->calls(), IsEmpty());
  Advance(5);
  EXPECT_THAT(late->calls(), ElementsAre(20));
}

TEST_F(DeadlinesTest, CallsAgainWhenTheListenerSaysSo) {
  const auto listener = std::make_shared<Listener>(At(30));
  deadlines_.Schedule(At(10), listener);
  Advance(10);
  Advance(10);
  EXPECT_THAT(listener->calls(), ElementsAre(10));
  Advance(10);
  EXPECT_THAT(listener->calls(), ElementsAre(10, 30));
}

TEST_F(DeadlinesTest, PassesOverAListenerThatIsGone) {
  auto gone = std::make_shared<Listener>();
  const auto listener = std::make_shared<Listener>();
  deadlines_.Schedule(At(10), gone);
  deadlines_.Schedule(At(11), listener);
  gone.reset();
  Advance(11);
  EXPECT_THAT(listener->calls(), ElementsAre(11));
}

TEST_F(DeadlinesTest, CallsNobodyAfterStop) {
  const auto listener = std::make_shared<Listener>();
  deadlines_.Schedule(At(10), listener);
  deadlines_.Stop();
  Advance(10);
  EXPECT_THAT(listener->calls(), IsEmpty());
}

TEST(Deadlines, ItsThreadWakesByItselfAndForAnEarlierTimeToo) {
  Clock& clock = Clock::Real();
  Deadlines deadlines(clock);
  const auto never = std::make_shared<Listener>();
  const auto soon = std::make_shared<Listener>();
  deadlines.Schedule(clock.SteadyNow() + absl::Hours(1), never);
  deadlines.Schedule(clock.SteadyNow() + absl::Milliseconds(1), soon);
  EXPECT_TRUE(soon->WaitForCall());
  EXPECT_THAT(never->calls(), IsEmpty());
}

}  // namespace
}  // namespace sluice
